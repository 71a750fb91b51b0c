/// One run of stored bytes that decodes alone.
public struct ContainerChunk: Sendable, Equatable {
  /// Bytes from the start of the file.
  public var offset: Int
  /// Bytes in the file; at least 1.
  public var storedByteCount: Int
  /// Bytes after decoding; 1 to ``ContainerLimits/maximumRawChunkByteCount``.
  public var rawByteCount: Int
  /// XXH3-64 of the stored bytes.
  public var checksum: UInt64
  /// How the bytes are stored.
  public var coding: ChunkCoding

  /// Collects the fields; the index's validation proves them.
  public init(offset: Int, storedByteCount: Int, rawByteCount: Int, checksum: UInt64, coding: ChunkCoding) {
    self.offset = offset
    self.storedByteCount = storedByteCount
    self.rawByteCount = rawByteCount
    self.checksum = checksum
    self.coding = coding
  }
}
