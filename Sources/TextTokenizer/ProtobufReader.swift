import FusionCore

/// Reads the fields of a protobuf message from bytes that nobody has checked, without copying and without recursion.
struct ProtobufReader {
  /// What a field holds.
  enum Value {
    case varint(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    case bytes(ProtobufReader)
  }

  private let bytes: UnsafeRawBufferPointer
  /// Offset of the message in its file.
  private let origin: Int
  private var position = 0

  /// Starts at the first field; `bytes` must outlive the reader.
  init(_ bytes: UnsafeRawBufferPointer, origin: Int = 0) {
    self.bytes = bytes
    self.origin = origin
  }

  /// Where the next field begins, for errors.
  var place: String { "offset \(origin + position)" }

  /// The bytes that are left.
  var rest: [UInt8] { Array(bytes[position...]) }

  /// The bytes that are left as text.
  func text() throws -> [UInt8] {
    let text = rest
    guard String(validating: text, as: UTF8.self) != nil else {
      throw FusionError.malformedModel(place, expected: "UTF-8", found: "other bytes")
    }
    return text
  }

  /// The next field, or `nil` at the end.
  ///
  /// - Throws: `.tokenizerMalformedModel`.
  mutating func next() throws -> (number: UInt64, value: Value)? {
    guard position < bytes.count else { return nil }
    let tag = try varint()
    let number = tag >> 3
    guard number > 0 else { throw FusionError.malformedModel(place, expected: "a field number", found: "0") }
    switch tag & 7 {
    case 0: return (number, .varint(try varint()))
    case 1: return (number, .fixed64(try fixed(UInt64.self)))
    case 2:
      let count = try varint()
      guard let range = CheckedArithmetic.range(offset: UInt64(position), count: count, limit: bytes.count) else {
        throw FusionError.malformedModel(
          place, expected: "a field of at most \(bytes.count - position) bytes", found: "\(count) bytes")
      }
      let start = position
      position = range.upperBound
      return (number, .bytes(ProtobufReader(UnsafeRawBufferPointer(rebasing: bytes[range]), origin: origin + start)))
    case 5: return (number, .fixed32(try fixed(UInt32.self)))
    case let type: throw FusionError.malformedModel(place, expected: "a wire type of 0, 1, 2 or 5", found: "\(type)")
    }
  }

  private mutating func varint() throws -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard position < bytes.count else {
        throw FusionError.malformedModel(place, expected: "a number", found: "the end of the message")
      }
      let byte = bytes[position]
      position += 1
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << UInt64(shift)
      if byte < 0x80 { return value }
    }
    throw FusionError.malformedModel(place, expected: "a number of at most 64 bits", found: "a longer one")
  }

  private mutating func fixed<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
    guard bytes.count - position >= MemoryLayout<T>.size else {
      throw FusionError.malformedModel(
        place, expected: "\(MemoryLayout<T>.size) bytes", found: "the end of the message")
    }
    defer { position += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }
}
