import FusionCore

/// Where an entry of an archive that is being written lies, and the records that say so.
///
///     local header, name, Zip64 field, padding | content | descriptor
///
/// As PyTorch writes it, field by field, unless a size or an offset is too long for 32 bits. There PyTorch leaves zeros
/// in the local header, which only its own reader makes sense of; here the standard is kept.
struct ZipEntryLayout {
  let name: String
  let byteCount: Int
  let headerOffset: Int
  private let hasLongSize: Bool
  private let hasLongOffset: Bool
  private let paddingByteCount: Int

  /// Contents start at a multiple of this, so that a mapped file can be used in place.
  static let alignment = 64
  private static let fixedByteCount = 30
  private static let fieldHeaderByteCount = 4
  private static let zip64SizesByteCount = 16

  /// Lays an entry out; `nil` if it would end past the last offset of a file.
  ///
  /// - Parameter zip64Threshold: the first number that is written with 64 bits.
  init?(name: String, byteCount: Int, headerOffset: Int, zip64Threshold: Int) {
    self.name = name
    self.byteCount = byteCount
    self.headerOffset = headerOffset
    hasLongSize = byteCount >= zip64Threshold
    hasLongOffset = headerOffset >= zip64Threshold
    let zip64ByteCount = hasLongSize ? Self.fieldHeaderByteCount + Self.zip64SizesByteCount : 0
    let own = Self.fixedByteCount + name.utf8.count + zip64ByteCount + Self.fieldHeaderByteCount
    guard let unpadded = CheckedArithmetic.sum(headerOffset, own),
      let data = CheckedArithmetic.aligned(unpadded, to: Self.alignment),
      let end = CheckedArithmetic.sum(data, byteCount), CheckedArithmetic.sum(end, 24) != nil
    else { return nil }
    paddingByteCount = data - unpadded
  }

  /// Where the content starts.
  var dataOffset: Int { headerOffset + localHeader.count }
  /// Where the next entry starts.
  var end: Int { dataOffset + byteCount + descriptor(crc32: 0).count }

  /// Everything before the content.
  var localHeader: [UInt8] {
    var bytes = LittleEndianBytes()
    bytes.append(ZipLocalHeader.signature)
    appendCommon(to: &bytes)
    // The checksum is known only after the content.
    bytes.append(0 as UInt32)
    let shortSize: UInt32 = hasLongSize ? .max : 0
    bytes.append(shortSize)
    bytes.append(shortSize)
    bytes.append(UInt16(name.utf8.count))
    let zip64ByteCount = hasLongSize ? Self.fieldHeaderByteCount + Self.zip64SizesByteCount : 0
    bytes.append(UInt16(zip64ByteCount + Self.fieldHeaderByteCount + paddingByteCount))
    bytes.append(name)
    if hasLongSize { appendZip64([byteCount, byteCount], to: &bytes) }
    bytes.append(ZipExtraField.padding)
    bytes.append(UInt16(paddingByteCount))
    bytes.append(repeating: UInt8(ascii: "Z"), count: paddingByteCount)
    return bytes.bytes
  }

  /// Checksum and sizes, after the content; nothing for an entry without any.
  func descriptor(crc32: UInt32) -> [UInt8] {
    guard byteCount > 0 else { return [] }
    var bytes = LittleEndianBytes()
    bytes.append(ZipLocalHeader.descriptorSignature)
    bytes.append(crc32)
    for _ in 0..<2 {
      if hasLongSize { bytes.append(UInt64(byteCount)) } else { bytes.append(UInt32(byteCount)) }
    }
    return bytes.bytes
  }

  /// The entry's record of the central directory.
  func centralRecord(crc32: UInt32) -> [UInt8] {
    var bytes = LittleEndianBytes()
    bytes.append(ZipDirectory.signature)
    // Made by no version of anything, as PyTorch has it.
    bytes.append(0 as UInt16)
    appendCommon(to: &bytes)
    bytes.append(crc32)
    for _ in 0..<2 { bytes.append(hasLongSize ? UInt32.max : UInt32(byteCount)) }
    let numbers = (hasLongSize ? [byteCount, byteCount] : []) + (hasLongOffset ? [headerOffset] : [])
    bytes.append(UInt16(name.utf8.count))
    bytes.append(UInt16(numbers.isEmpty ? 0 : Self.fieldHeaderByteCount + numbers.count * 8))
    // Comment, disk, attributes: none.
    bytes.append(repeating: 0, count: 10)
    bytes.append(hasLongOffset ? UInt32.max : UInt32(headerOffset))
    bytes.append(name)
    if !numbers.isEmpty { appendZip64(numbers, to: &bytes) }
    return bytes.bytes
  }

  /// Version, flags, method, time and date, which both records have.
  private func appendCommon(to bytes: inout LittleEndianBytes) {
    bytes.append(hasLongSize || hasLongOffset ? ZipLimits.version : 0)
    bytes.append(ZipRecord.nameFlag | (byteCount > 0 ? ZipRecord.descriptorFlag : 0))
    // Stored; no time, so that equal contents are equal files.
    bytes.append(repeating: 0, count: 6)
  }

  private func appendZip64(_ numbers: [Int], to bytes: inout LittleEndianBytes) {
    bytes.append(ZipExtraField.zip64)
    bytes.append(UInt16(numbers.count * 8))
    for number in numbers { bytes.append(UInt64(number)) }
  }
}
