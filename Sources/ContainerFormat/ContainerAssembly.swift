import FusionCore

/// What comes after the chunks: the validated index and the footer. Writer and forecast share it.
struct ContainerAssembly {
  /// The index's bytes.
  let index: [UInt8]
  /// The footer that belongs to them.
  let footer: ContainerFooter
  /// Size of the whole file.
  let fileByteCount: Int

  /// Proves an index and packs it.
  ///
  /// - Throws: `FusionError` without a file, with the code of the rule that the index breaks.
  init(_ index: ContainerIndex, after placement: ChunkPlacement) throws {
    guard let offset = placement.indexOffset else { throw ContainerAssembly.tooLarge }
    try IndexValidator.validate(index, indexOffset: offset)
    self.index = IndexEncoder.encode(index)
    guard self.index.count <= ContainerLimits.maximumIndexByteCount else {
      throw FusionError.container(
        .containerIndexSize, "the index is too large", place: "index",
        expected: "at most \(ContainerLimits.maximumIndexByteCount) bytes", found: "\(self.index.count) bytes",
        remedy: "use larger chunks, or shorten the recipe and the notices")
    }
    footer = ContainerFooter(
      indexOffset: offset, indexByteCount: self.index.count, indexChecksum: ContainerChecksum.of(self.index))
    guard let fileByteCount = footer.fileByteCount else { throw ContainerAssembly.tooLarge }
    self.fileByteCount = fileByteCount
  }

  static let tooLarge = FusionError.container(
    .containerNumberTooLarge, "the container is too large", place: "index", expected: "fewer than 2^63 bytes",
    found: "more", remedy: "convert fewer tensors")
}
