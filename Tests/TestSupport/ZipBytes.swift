/// Small pieces of zip archives.
public enum ZipBytes {
  /// A number, least byte first.
  public static func of<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }

  /// An extra field.
  ///
  /// - Parameter stated: its length as stated; `nil` is the true one.
  public static func extra(_ number: UInt16, _ content: [UInt8], stated: UInt16? = nil) -> [UInt8] {
    of(number) + of(stated ?? UInt16(content.count)) + content
  }

  /// A Zip64 extra field.
  public static func zip64(_ values: UInt64...) -> [UInt8] { extra(1, values.flatMap(of)) }

  /// CRC-32, one byte after the other: plain, and independent of what is tested.
  public static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes { crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
    return ~crc
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
  }
}
