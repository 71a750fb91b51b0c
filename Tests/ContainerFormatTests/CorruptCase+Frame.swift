import ContainerFormat
import FusionCore

extension CorruptCase {
  /// Header and footer.
  static let frame: [CorruptCase] = [
    CorruptCase("C1", "empty file", .containerWrongMagic, place: "offset 0", found: "an empty file") {
      $0.byteLimit = 0
    },
    CorruptCase(
      "C1", "wrong magic", .containerWrongMagic, place: "offset 0", expected: "93 46 55 53 0D 0A 1A 0A",
      found: "92 46 55 53 0D 0A 1A 0A"
    ) { $0.header[0] = 0x92 },
    CorruptCase("C1", "line ends changed", .containerWrongMagic, found: "93 46 55 53 0A 1A 0A 01") {
      $0.header.remove(at: 4)
    },
    CorruptCase(
      "C1", "newer major version", .containerUnsupportedVersion, place: "offset 8",
      expected: "format version 1.1", found: "format version 2.1"
    ) { $0.header[8] = 2 },
    CorruptCase("C1", "newer major version, header not understood", .containerUnsupportedVersion) {
      $0.header[8] = 2
      $0.sealsHeader = false
    },
    CorruptCase("C1", "major version 0", .containerUnsupportedVersion, found: "format version 0.1") {
      $0.header[8] = 0
    },
    CorruptCase(
      "C1", "newer minor version", .containerUnsupportedVersion, place: "offset 10", found: "format version 1.2"
    ) { $0.header[10] = 2 },
    CorruptCase(
      "C1", "unknown required feature", .containerUnknownFeature, place: "offset 12", found: "bits 0x80000000"
    ) {
      $0.header[15] = 0x80
    },
    CorruptCase("C1", "reserved byte of the header", .containerReservedNotZero, place: "offset 20") {
      $0.header[55] = 1
    },
    CorruptCase("C11", "header checksum wrong", .containerHeaderDamaged, place: "offset 56") {
      $0.header[56] ^= 1
      $0.sealsHeader = false
    },
    CorruptCase("C14", "only half a header", .containerTooShort, place: "offset 32", found: "32 bytes") {
      $0.byteLimit = 32
    },
    CorruptCase("C14", "one byte too short for a container", .containerTooShort, expected: "at least 128 bytes") {
      $0.byteLimit = 127
    },
    CorruptCase("C14", "a byte appended", .containerFooterMissing, expected: "the end mark") { $0.trailing = [0] },
    CorruptCase("C14", "a second footer appended", .containerLengthWrong) {
      $0.trailing = Array($0.bytes.suffix(64))
    },
    CorruptCase("C11", "end mark wrong", .containerFooterMissing) { $0.endMagic[0] = 0 },
    CorruptCase("C11", "footer checksum wrong", .containerFooterDamaged, found: nil) { $0.sealsFooter = false },
    CorruptCase("C11", "reserved byte of the footer", .containerReservedNotZero, expected: "16 zeros") {
      $0.footerReserved[15] = 1
    },
    CorruptCase("C11", "file size of 2^64 - 1", .containerLengthWrong, expected: "\(UInt64.max) bytes") {
      $0.fileByteCount = .max
    },
    CorruptCase("C5", "empty index", .containerIndexSize, found: "0 bytes") { $0.indexByteCount = 0 },
    CorruptCase("C5", "index above the limit", .containerIndexSize, found: "8388609 bytes") {
      $0.indexByteCount = (8 << 20) + 1
    },
    CorruptCase("C5", "index of 2^64 - 1 bytes", .containerIndexSize) { $0.indexByteCount = .max },
    CorruptCase("C11", "index larger than the file", .containerIndexMisplaced) { $0.indexByteCount = 8 << 20 },
    CorruptCase("C11", "index offset of 2^64 - 1", .containerIndexMisplaced, found: "index offset \(UInt64.max)") {
      $0.indexOffset = .max
    },
    CorruptCase("C11", "index inside the header", .containerIndexMisplaced) {
      $0.indexOffset = 0
      $0.indexByteCount = UInt64(64 + $0.body.count + $0.index.encoded.count)
    },
    CorruptCase("C6", "index not aligned", .containerIndexMisplaced) { $0.body += [UInt8](repeating: 0, count: 32) },
    CorruptCase("C6", "64 zeros before the index", .containerIndexMisplaced, place: "index") {
      $0.body += [UInt8](repeating: 0, count: 64)
    },
    CorruptCase("C11", "index checksum wrong", .containerIndexDamaged, expected: "checksum 0000000000000001") {
      $0.indexChecksum = 1
    },
  ]
}
