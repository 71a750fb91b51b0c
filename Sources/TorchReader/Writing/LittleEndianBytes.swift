/// Bytes of a file that are put together field by field, least significant byte first.
struct LittleEndianBytes {
  private(set) var bytes: [UInt8] = []

  mutating func append<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(repeating byte: UInt8, count: Int) {
    bytes.append(contentsOf: repeatElement(byte, count: count))
  }
}
