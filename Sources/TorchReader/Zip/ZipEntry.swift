/// One file in a zip archive, whose bytes are stored as they are.
public struct ZipEntry: Sendable, Hashable {
  /// The full name, root included: `archive/data/0`.
  public let name: String
  /// Where its bytes lie in the archive's file.
  public let dataRange: Range<Int>
  /// CRC-32 of its bytes as the archive states it; see ``ZipArchive/statesChecksums``.
  public let crc32: UInt32
}
