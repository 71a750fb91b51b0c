import FusionCore

/// Tells the exact size of a container before its data is there.
///
/// Use it like a ``ContainerWriter``: append the chunks in the order in which they will be written, then finish with
/// the index made of the results. Checksums, digests and statistics do not change the size, so zeros do
/// (``TensorStatistics/placeholder``); stored sizes do.
public struct ContainerSizeForecast {
  private var placement = ChunkPlacement()

  /// Starts with an empty container.
  public init() {}

  /// Places a chunk.
  ///
  /// - Precondition: sizes are at least 1.
  /// - Returns: the entry for the index, with checksum 0.
  /// - Throws: `.containerNumberTooLarge` if the file would not end below 2^63.
  public mutating func append(
    storedByteCount: Int, rawByteCount: Int, coding: ChunkCoding
  ) throws -> ContainerChunk {
    precondition(storedByteCount >= 1 && rawByteCount >= 1, "an empty chunk")
    guard let offset = placement.place(storedByteCount, coding: coding) else { throw ContainerAssembly.tooLarge }
    return ContainerChunk(
      offset: offset, storedByteCount: storedByteCount, rawByteCount: rawByteCount, checksum: 0, coding: coding)
  }

  /// Places the chunks of a small file as raw bytes, the most that it can take.
  ///
  /// - Throws: `.containerNumberTooLarge`.
  public mutating func append(fileNamed name: String, byteCount: Int) throws -> ContainerFile {
    let chunks = try ContainerFile.chunkRanges(byteCount: byteCount).map {
      try append(storedByteCount: $0.count, rawByteCount: $0.count, coding: .raw)
    }
    return ContainerFile(
      name: name, byteCount: byteCount, chunks: chunks,
      sha256: [UInt8](repeating: 0, count: ContainerLimits.digestByteCount))
  }

  /// Size of the whole file.
  ///
  /// - Throws: the codes of a reader for an index that breaks a rule.
  public func finish(index: ContainerIndex) throws -> Int {
    try ContainerAssembly(index, after: placement).fileByteCount
  }
}
