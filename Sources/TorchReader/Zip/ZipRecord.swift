import FusionCore

/// One record of the central directory, proven in itself.
struct ZipRecord {
  /// The name, with a slash at the end if it is a folder.
  let name: String
  /// Where the name's bytes lie in the file, to hold the local header's name against.
  let nameRange: Range<Int>
  let flags: UInt16
  let crc32: UInt32
  /// Bytes of content; stored entries have one size.
  let byteCount: Int
  /// Where the local header starts.
  let headerOffset: Int

  /// Whether the checksum and the sizes stand after the content.
  var hasDescriptor: Bool { flags & ZipRecord.descriptorFlag != 0 }
  /// Whether the entry is a folder, which packing programs other than PyTorch write.
  var isFolder: Bool { name.utf8.last == UInt8(ascii: "/") }

  /// Checksum and sizes follow the content.
  static let descriptorFlag: UInt16 = 1 << 3
  /// The name is UTF-8.
  static let nameFlag: UInt16 = 1 << 11
  /// Encryption: bits 0, 6 and 13.
  private static let encryptionFlags: UInt16 = 0x2041

  /// Names of the methods that other programs compress with.
  private static let methods: [UInt16: String] = [
    8: "deflate", 9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 95: "xz", 99: "AES encryption",
  ]

  /// Proves that entries are stored as they are, without anything that changes how they are read.
  ///
  /// - Throws: `.torchZipEncrypted`, `.torchZipCompressedEntry`, `.torchZipUnsupportedFeature`.
  static func requirePlain(flags: UInt16, method: UInt16, version: UInt16, place: @autoclosure () -> String) throws {
    if flags & encryptionFlags != 0 || method == 99 {
      throw FusionError(
        .torchZipEncrypted, "an entry is encrypted", place: place(), expected: "entries that are not encrypted",
        found: "flags 0x" + String(flags, radix: 16), remedy: ZipRemedy.saveAgain)
    }
    guard method == 0 else {
      throw FusionError(
        .torchZipCompressedEntry, "an entry is compressed", place: place(),
        expected: "stored bytes, as torch.save writes them",
        found: "method \(method)" + (methods[method].map { ", " + $0 } ?? ""), remedy: ZipRemedy.saveAgain)
    }
    guard flags & ~(descriptorFlag | nameFlag) == 0, version <= ZipLimits.version else {
      throw FusionError(
        .torchZipUnsupportedFeature, "an entry needs something that stored entries do not", place: place(),
        expected: "no flags but 0x8 and 0x800, version \(ZipLimits.version) at most",
        found: "flags 0x" + String(flags, radix: 16) + ", version \(version)", remedy: ZipRemedy.saveAgain)
    }
  }
}
