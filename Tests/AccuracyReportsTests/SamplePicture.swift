import Foundation

/// Small pictures as PNG files, stored without compression.
enum SamplePicture {
  /// A disk of one colour on a pale ground of another.
  static func png(of color: [UInt8], on ground: [UInt8], side: Int = 96) -> Data {
    var rows: [UInt8] = []
    for y in 0..<side {
      rows.append(0)
      for x in 0..<side {
        let (dx, dy) = (x - side * 2 / 5, y - side / 2)
        rows += dx * dx + dy * dy < side * side / 12 ? color : ground.map { 200 + $0 / 5 }
      }
    }
    let header = bigEndian(UInt32(side)) + bigEndian(UInt32(side)) + [8, 2, 0, 0, 0]
    let file = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
    return Data(file + chunk("IDAT", zlib(rows)) + chunk("IEND", []))
  }

  private static func chunk(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + bytes
    return bigEndian(UInt32(bytes.count)) + body + bigEndian(checksum(body))
  }

  private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65535) {
      let block = bytes[start..<min(bytes.count, start + 65535)]
      let count = UInt16(block.count)
      result.append(start + block.count == bytes.count ? 1 : 0)
      for value in [count, ~count] { withUnsafeBytes(of: value.littleEndian) { result += $0 } }
      result += block
    }
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in bytes {
      a = (a + UInt32(byte)) % 65521
      b = (b + a) % 65521
    }
    return result + bigEndian(b << 16 | a)
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}
