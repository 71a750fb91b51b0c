import FusionCore
import MappedFiles

/// Opens a container, proves header, footer and index, and decodes chunks on demand.
///
/// Opening reads no chunk. All members may be used from several threads at once, each with a ``ChunkDecoder`` of its
/// own.
public final class ContainerReader: Sendable {
  /// The path as given.
  public let path: String
  /// What the container holds; proven as a whole.
  public let index: ContainerIndex
  /// Size of the file.
  public let byteCount: Int

  let file: MappedFile
  private let tensorPositions: [String: Int]

  /// Opens a container.
  ///
  /// - Throws: `.cannotOpen`, `.readFailed`, `.changedWhileReading`, and the `container…` codes of header, footer and
  ///   index. Refusing takes no more than about 64 MiB, whatever the file says.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    do {
      index = try ContainerReader.index(of: file)
    } catch let error as FusionError {
      throw error.inFile(path)
    }
    self.path = path
    self.file = file
    byteCount = file.byteCount
    var positions: [String: Int] = [:]
    for (position, tensor) in index.tensors.enumerated() { positions[tensor.canonicalName] = position }
    for alias in index.aliases { positions[alias.canonicalName] = positions[alias.targetCanonicalName] }
    tensorPositions = positions
  }

  /// The tensor of a canonical name, aliases resolved; `nil` if there is none.
  public func tensor(canonicalName: String) -> ContainerTensor? {
    tensorPositions[canonicalName].map { index.tensors[$0] }
  }

  /// Proves that the file is still the one that was opened.
  ///
  /// - Throws: `.changedWhileReading`.
  public func checkUnchanged() throws { try file.checkUnchanged() }

  private static func index(of file: MappedFile) throws -> ContainerIndex {
    let headerByteCount = ContainerLimits.headerByteCount
    let footerByteCount = ContainerLimits.footerByteCount
    try file.withBytes(in: 0..<min(file.byteCount, 8)) { try ContainerHeader.checkMagic($0) }
    guard file.byteCount >= headerByteCount + footerByteCount else {
      throw FusionError.container(
        .containerTooShort, "the container is incomplete", place: "offset \(file.byteCount)",
        expected: "at least \(headerByteCount + footerByteCount) bytes", found: "\(file.byteCount) bytes",
        remedy: "copy or download the file again")
    }
    _ = try file.withBytes(in: 0..<headerByteCount) { try ContainerHeader(decoding: $0) }
    let footer = try file.withBytes(in: file.byteCount - footerByteCount..<file.byteCount) {
      try ContainerFooter(decoding: $0, fileByteCount: file.byteCount)
    }
    let range = footer.indexOffset..<(footer.indexOffset + footer.indexByteCount)
    let index = try file.withBytes(in: range) { bytes in
      let sum = ContainerChecksum.of(bytes)
      guard sum == footer.indexChecksum else {
        throw FusionError.container(
          .containerIndexDamaged, "the index is damaged", place: "offset \(footer.indexOffset)",
          expected: "checksum \(ContainerChecksum.text(footer.indexChecksum))", found: ContainerChecksum.text(sum))
      }
      return try IndexDecoder.decode(bytes)
    }
    file.discard(range)
    try IndexValidator.validate(index, indexOffset: footer.indexOffset)
    return index
  }
}
