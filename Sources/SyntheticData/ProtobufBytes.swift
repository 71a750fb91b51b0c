/// The wire form of a protobuf message, field by field.
struct ProtobufBytes {
  private(set) var bytes: [UInt8] = []

  /// Appends a number; a negative one takes ten bytes.
  mutating func append(field: Int, integer: Int) {
    appendVarint(UInt64(field) << 3)
    appendVarint(UInt64(bitPattern: Int64(integer)))
  }

  /// Appends a float32.
  mutating func append(field: Int, float: Float) {
    appendVarint(UInt64(field) << 3 | 5)
    withUnsafeBytes(of: float.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends text as UTF-8.
  mutating func append(field: Int, text: String) { append(field: field, bytes: Array(text.utf8)) }

  /// Appends bytes, or a message inside this one.
  mutating func append(field: Int, bytes content: [UInt8]) {
    appendVarint(UInt64(field) << 3 | 2)
    appendVarint(UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
