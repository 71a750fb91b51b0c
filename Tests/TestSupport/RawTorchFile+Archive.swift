extension RawTorchFile {
  /// A zip archive of stored entries with right checksums.
  public static func archive(_ entries: [(name: String, content: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let offset = bytes.count
      let size = number(UInt32(entry.content.count))
      let name = Array(entry.name.utf8)
      let common =
        number(UInt16(20)) + number(UInt16(0)) + number(UInt16(0)) + number(UInt32(0)) + number(crc32(entry.content))
        + size + size + number(UInt16(name.count)) + number(UInt16(0))
      bytes += Array("PK\u{3}\u{4}".utf8) + common + name + entry.content
      directory += Array("PK\u{1}\u{2}".utf8) + number(UInt16(20)) + common
      directory += [UInt8](repeating: 0, count: 10) + number(UInt32(offset)) + name
    }
    let count = number(UInt16(entries.count))
    return bytes + directory + Array("PK\u{5}\u{6}".utf8) + [0, 0, 0, 0] + count + count
      + number(UInt32(directory.count)) + number(UInt32(bytes.count)) + [0, 0]
  }

  /// An archive with a pickle and nothing that it could name.
  ///
  /// - Parameter opcodes: what stands between PROTO and STOP.
  public static func archive(pickle opcodes: [UInt8]) -> [UInt8] {
    archive([("archive/data.pkl", [0x80, 2] + opcodes + [0x2E]), ("archive/version", Array("3\n".utf8))])
  }

  /// CRC-32, one byte after the other.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
    return ~crc
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
}
