/// The fields of an archive's end records, each of which a test can set to anything.
public struct ZipEnd {
  /// Numbers of this disk and of the one with the directory.
  public var disks: (UInt16, UInt16) = (0, 0)
  /// Entries on this disk and in all.
  public var counts: (UInt16, UInt16)
  /// Size of the central directory.
  public var byteCount: UInt32
  /// Place of the central directory.
  public var offset: UInt32
  /// Stated length of the comment; `nil` is the true one.
  public var commentByteCount: UInt16?
  /// Comment.
  public var comment: [UInt8] = []
  /// The Zip64 records; `nil` leaves them out.
  public var zip64: Zip64?

  /// The Zip64 end record and its locator.
  public struct Zip64 {
    /// Stated size of the record after this field.
    public var recordByteCount: UInt64 = 44
    /// Versions that wrote it and that a reader needs.
    public var versions: (UInt16, UInt16) = (0x031E, 45)
    /// Numbers of this disk and of the one with the directory.
    public var disks: (UInt32, UInt32) = (0, 0)
    /// Entries on this disk and in all.
    public var counts: (UInt64, UInt64)
    /// Size of the central directory.
    public var byteCount: UInt64
    /// Place of the central directory.
    public var offset: UInt64
    /// Disk of the record, as the locator says.
    public var locatorDisk: UInt32 = 0
    /// Place of the record, as the locator says.
    public var locatorOffset: UInt64
    /// Number of disks, as the locator says.
    public var diskCount: UInt32 = 1
    /// Bytes between the record and its locator.
    public var extensible: [UInt8] = []
  }

  /// The bytes of all records.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    if let zip64 {
      bytes += ZipBytes.of(0x0606_4B50 as UInt32) + ZipBytes.of(zip64.recordByteCount)
      bytes += ZipBytes.of(zip64.versions.0) + ZipBytes.of(zip64.versions.1)
      bytes += ZipBytes.of(zip64.disks.0) + ZipBytes.of(zip64.disks.1)
      bytes += ZipBytes.of(zip64.counts.0) + ZipBytes.of(zip64.counts.1)
      bytes += ZipBytes.of(zip64.byteCount) + ZipBytes.of(zip64.offset) + zip64.extensible
      bytes += ZipBytes.of(0x0706_4B50 as UInt32) + ZipBytes.of(zip64.locatorDisk)
      bytes += ZipBytes.of(zip64.locatorOffset) + ZipBytes.of(zip64.diskCount)
    }
    bytes += ZipBytes.of(0x0605_4B50 as UInt32) + ZipBytes.of(disks.0) + ZipBytes.of(disks.1)
    bytes += ZipBytes.of(counts.0) + ZipBytes.of(counts.1) + ZipBytes.of(byteCount) + ZipBytes.of(offset)
    return bytes + ZipBytes.of(commentByteCount ?? UInt16(comment.count)) + comment
  }
}
