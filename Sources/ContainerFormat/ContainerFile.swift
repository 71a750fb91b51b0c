import FusionCore

/// A small file that belongs to a model, kept byte for byte.
public struct ContainerFile: Sendable, Equatable {
  /// Plain file name, without a folder.
  public var name: String
  /// Size; at most ``ContainerLimits/maximumFileByteCount``.
  public var byteCount: Int
  /// Chunks of ``ContainerLimits/fileChunkByteCount`` decoded bytes, the last one shorter; none for an empty file.
  public var chunks: [ContainerChunk]
  /// SHA-256 of the file: 32 bytes.
  public var sha256: [UInt8]

  /// Collects the fields; the index's validation proves them.
  public init(name: String, byteCount: Int, chunks: [ContainerChunk], sha256: [UInt8]) {
    self.name = name
    self.byteCount = byteCount
    self.chunks = chunks
    self.sha256 = sha256
  }

  /// The byte ranges of a file's chunks, in order.
  ///
  /// - Precondition: `byteCount` is not negative.
  public static func chunkRanges(byteCount: Int) -> [Range<Int>] {
    let step = ContainerLimits.fileChunkByteCount
    let count = CheckedArithmetic.ceilingDivision(byteCount, step)
    return (0..<count).map { $0 * step..<min(($0 + 1) * step, byteCount) }
  }
}
