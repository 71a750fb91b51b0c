import FusionCore
import TestSupport
import TorchReader

/// Rows about one entry: P12 to P14, P17 and P21.
extension ZipCase {
  private static let local1 = "local header, offset 102, \"archive/data/0\""
  private static let central1 = "central directory, entry 1, offset 529, \"archive/data/0\""

  static let entries: [ZipCase] = [
    ZipCase("P12", "other name in the local header", .torchZipNameMismatch, local1) {
      local(1) { $0.name = Array("archive/data/1".utf8) }
    },
    ZipCase("P12", "shorter name in the local header", .torchZipNameMismatch, local1) {
      local(1) { $0.nameByteCount = 13 }
    },
    ZipCase("P12", "name length beyond the entry", .torchZipNameMismatch, local1) {
      local(1) { $0.nameByteCount = .max }
    },
    ZipCase("P12", "a field that gives other readers another name", .torchZipBadExtraField, central1) {
      central(1) { $0.extra = ZipBytes.extra(0x7075, [1, 0, 0, 0, 0, 0x61]) }
    },
    ZipCase("P12", "the same in the local header", .torchZipBadExtraField, local1) {
      local(1) { $0.extra = ZipBytes.extra(0x7075, [1, 0, 0, 0, 0, 0x61]) }
    },
    ZipCase("P13", "encrypted", .torchZipEncrypted, central1) { both(1) { $0.flags |= 1 } },
    ZipCase("P13", "strong encryption", .torchZipEncrypted, central1) { both(1) { $0.flags |= 1 << 6 } },
    ZipCase("P13", "masked headers", .torchZipEncrypted, central1) { both(1) { $0.flags |= 1 << 13 } },
    ZipCase("P13", "patched data", .torchZipUnsupportedFeature, central1) { both(1) { $0.flags |= 1 << 5 } },
    ZipCase("P13", "encrypted in the local header only", .torchZipHeaderMismatch, local1) {
      local(1) { $0.flags |= 1 }
    },
    ZipCase("P13", "no data descriptor in the local header", .torchZipHeaderMismatch, local1) {
      local(1) { $0.flags &= ~8 }
    },
    ZipCase("P13", "no data descriptor in either header", .torchZipHeaderMismatch, local1) {
      both(1) { $0.flags &= ~8 }
    },
    ZipCase(
      "P13", "a data descriptor that is not there", .torchZipBadDescriptor,
      "local header, offset 68, \"archive/data/0\""
    ) {
      both(1, style: .stored) { $0.flags |= 8 }
    },
    ZipCase("P13", "newer version", .torchZipUnsupportedFeature, central1) { central(1) { $0.version = 46 } },
    ZipCase("P14", "other checksum in the directory", .torchZipBadDescriptor, local1) { central(1) { $0.crc32 ^= 1 } },
    ZipCase("P14", "other checksum in the local header", .torchZipHeaderMismatch, local1) { local(1) { $0.crc32 = 1 } },
    ZipCase(
      "P14", "other checksums of stored sizes", .torchZipHeaderMismatch, "local header, offset 68, \"archive/data/0\""
    ) {
      central(1, style: .stored) { $0.crc32 ^= 0x8000_0000 }
    },
    ZipCase("P14", "descriptor with another checksum", .torchZipBadDescriptor, local1) {
      entry(1) { $0.descriptor = ZipBytes.of(0x0807_4B50 as UInt32) + [1, 2, 3, 4, 100, 0, 0, 0, 100, 0, 0, 0] }
    },
    ZipCase("P14", "half a descriptor", .torchZipBadDescriptor, local1) {
      entry(1) { $0.descriptor = ZipBytes.of(0x0807_4B50 as UInt32) }
    },
    ZipCase("P17", "deflate", .torchZipCompressedEntry, central1) { both(1) { $0.method = 8 } },
    ZipCase("P17", "unknown method", .torchZipCompressedEntry, central1) { both(1) { $0.method = 1000 } },
    ZipCase("P17", "deflate in the local header only", .torchZipHeaderMismatch, local1) { local(1) { $0.method = 8 } },
    ZipCase("P17", "stored and smaller than its content", .torchZipSizeMismatch, central1) {
      central(1) { $0.uncompressed = 1 << 30 }
    },
    ZipCase("P21", "a folder up", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("archive/../data/0".utf8))
    },
    ZipCase("P21", "a folder up at the end", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("archive/..".utf8))
    },
    ZipCase("P21", "absolute", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("/archive/data/0".utf8))
    },
    ZipCase("P21", "empty part", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("archive//0".utf8))
    },
    ZipCase("P21", "backslash", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("archive\\data".utf8))
    },
    ZipCase("P21", "drive", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("C:/0".utf8))
    },
    ZipCase("P21", "empty", .torchZipUnsafeName, "central directory, entry 1, offset 529") { named([]) },
    ZipCase("P21", "NUL", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("archive/0\0".utf8))
    },
    ZipCase("P21", "direction mark", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("archive/\u{202E}0".utf8))
    },
    ZipCase("P21", "not UTF-8", .torchZipUnsafeName, "central directory, entry 1, offset 529") {
      named(Array("archive/".utf8) + [0xC3])
    },
    ZipCase("P21", "too long", .torchZipUnsafeName, "central directory, entry 1, offset 1553") {
      named(Array("archive/".utf8) + [UInt8](repeating: 0x61, count: 1013))
    },
    ZipCase("P21", "twice", .torchZipDuplicateName, "central directory, entry 2, offset 589") {
      entry(2) { $0.name = Array("archive/data/0".utf8) }
    },
    ZipCase(
      "P21", "a folder with content", .torchZipUnsafeName, "central directory, entry 1, offset 529, \"archive/d/\""
    ) {
      named(Array("archive/d/".utf8))
    },
    ZipCase("P21", "outside of the root", .torchZipNoCommonRoot, "entry \"other/data/0\"") {
      named(Array("other/data/0".utf8))
    },
    ZipCase("P21", "outside of any folder", .torchZipNoCommonRoot, "entry \"data\"") { named(Array("data".utf8)) },
  ]
}
