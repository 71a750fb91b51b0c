/// The fields of a zip entry's header, local or central, each of which a test can set to anything.
public struct ZipHeader {
  /// `PK\3\4` or `PK\1\2`.
  public var signature: UInt32
  /// Program and version that wrote the entry; in the central directory only.
  public var versionMadeBy: UInt16 = 0
  /// Version that a reader needs.
  public var version: UInt16 = 0
  /// General purpose bits.
  public var flags: UInt16 = 0x800
  /// 0 is stored.
  public var method: UInt16 = 0
  /// Time and date of the last change.
  public var time: UInt32 = 0
  /// Checksum of the content.
  public var crc32: UInt32
  /// Size in the archive.
  public var compressed: UInt32
  /// Size of the content.
  public var uncompressed: UInt32
  /// Stated length of the name; `nil` is the true one.
  public var nameByteCount: UInt16?
  /// Stated length of the extra fields; `nil` is the true one.
  public var extraByteCount: UInt16?
  /// The name.
  public var name: [UInt8]
  /// Extra fields.
  public var extra: [UInt8] = []
  /// Comment; in the central directory only, as all that follow.
  public var comment: [UInt8] = []
  /// Number of the disk.
  public var disk: UInt16 = 0
  /// Internal and external attributes.
  public var attributes: (internal: UInt16, external: UInt32) = (0, 0)
  /// Place of the local header.
  public var offset: UInt32 = 0

  /// A header of an entry with the given name, content and flags.
  init(signature: UInt32, name: [UInt8], crc32: UInt32, byteCount: UInt32) {
    self.signature = signature
    self.name = name
    self.crc32 = crc32
    compressed = byteCount
    uncompressed = byteCount
  }

  /// The bytes of a local header with its name and extra fields.
  var local: [UInt8] {
    ZipBytes.of(signature) + common + name + extra
  }

  /// The bytes of a central record.
  var central: [UInt8] {
    ZipBytes.of(signature) + ZipBytes.of(versionMadeBy) + common + ZipBytes.of(UInt16(comment.count))
      + ZipBytes.of(disk) + ZipBytes.of(attributes.internal) + ZipBytes.of(attributes.external)
      + ZipBytes.of(offset) + name + extra + comment
  }

  private var common: [UInt8] {
    ZipBytes.of(version) + ZipBytes.of(flags) + ZipBytes.of(method) + ZipBytes.of(time) + ZipBytes.of(crc32)
      + ZipBytes.of(compressed) + ZipBytes.of(uncompressed) + ZipBytes.of(nameByteCount ?? UInt16(name.count))
      + ZipBytes.of(extraByteCount ?? UInt16(extra.count))
  }
}
