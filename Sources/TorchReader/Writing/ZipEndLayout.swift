import FusionCore

/// The records at the end of an archive that is being written: Zip64 record, its locator, end record.
///
/// PyTorch writes all three whatever the size.
struct ZipEndLayout {
  let entryCount: Int
  let directory: Range<Int>
  let zip64Threshold: Int

  var bytes: [UInt8] {
    var bytes = LittleEndianBytes()
    bytes.append(ZipEndRecords.zip64Signature)
    // The record's size without what was just written.
    bytes.append(UInt64(ZipEndRecords.zip64ByteCount - 12))
    // Made on Unix by a program of version 3.0.
    bytes.append(0x031E as UInt16)
    bytes.append(ZipLimits.version)
    // This disk and that of the directory.
    bytes.append(0 as UInt64)
    for number in [entryCount, entryCount, directory.count, directory.lowerBound] { bytes.append(UInt64(number)) }

    bytes.append(ZipEndRecords.locatorSignature)
    bytes.append(0 as UInt32)
    bytes.append(UInt64(directory.upperBound))
    bytes.append(1 as UInt32)

    bytes.append(ZipEndRecords.signature)
    bytes.append(0 as UInt32)
    for _ in 0..<2 { bytes.append(UInt16(clamping: entryCount)) }
    for number in [directory.count, directory.lowerBound] {
      bytes.append(number < zip64Threshold ? UInt32(number) : .max)
    }
    // No comment.
    bytes.append(0 as UInt16)
    return bytes.bytes
  }
}
