/// A chunk that is ready to be written: everything but its place.
public struct EncodedChunk: Sendable, Equatable {
  /// The bytes to store.
  public let stored: [UInt8]
  /// Bytes before encoding.
  public let rawByteCount: Int
  /// How ``stored`` was made.
  public let coding: ChunkCoding
  /// XXH3-64 of ``stored``.
  public let checksum: UInt64

  init(stored: [UInt8], rawByteCount: Int, coding: ChunkCoding) {
    self.stored = stored
    self.rawByteCount = rawByteCount
    self.coding = coding
    checksum = ContainerChecksum.of(stored)
  }
}
