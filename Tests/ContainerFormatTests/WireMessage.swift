/// A protobuf message as a list of fields, so that a test can break one of them. Knows nothing of the format.
struct WireMessage: Equatable {
  enum Value: Equatable {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes([UInt8])
    case message(WireMessage)
  }

  struct Field: Equatable {
    var number: Int
    var value: Value
  }

  var fields: [Field] = []

  init(_ fields: [(Int, Value)] = []) { self.fields = fields.map { Field(number: $0.0, value: $0.1) } }

  /// Parses bytes that are known to be well-formed; submessages are parsed when they are edited.
  init(parsing bytes: [UInt8]) {
    var position = 0
    func varint() -> UInt64 {
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        let byte = bytes[position]
        position += 1
        value |= UInt64(byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 { return value }
      }
    }
    while position < bytes.count {
      let tag = varint()
      let number = Int(tag >> 3)
      switch tag & 7 {
      case 0: fields.append(Field(number: number, value: .varint(varint())))
      case 1:
        let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[position + $1]) << (8 * UInt64($1)) }
        position += 8
        fields.append(Field(number: number, value: .fixed64(value)))
      default:
        let count = Int(varint())
        fields.append(Field(number: number, value: .bytes(Array(bytes[position..<position + count]))))
        position += count
      }
    }
  }

  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    for field in fields {
      let number = UInt64(field.number) << 3
      switch field.value {
      case .varint(let value): bytes += WireMessage.varint(number) + WireMessage.varint(value)
      case .fixed64(let value):
        bytes += WireMessage.varint(number | 1) + (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
      case .bytes(let value): bytes += WireMessage.varint(number | 2) + WireMessage.varint(UInt64(value.count)) + value
      case .message(let message):
        let value = message.encoded
        bytes += WireMessage.varint(number | 2) + WireMessage.varint(UInt64(value.count)) + value
      }
    }
    return bytes
  }

  static func varint(_ value: UInt64) -> [UInt8] {
    var rest = value
    var bytes: [UInt8] = []
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// Position of the n-th field of a number.
  func position(_ number: Int, _ occurrence: Int = 0) -> Int {
    let positions = fields.indices.filter { fields[$0].number == number }
    precondition(occurrence < positions.count, "no field \(number) number \(occurrence)")
    return positions[occurrence]
  }

  /// Replaces the value of a field.
  mutating func set(_ number: Int, _ value: Value) { fields[position(number)].value = value }

  mutating func set(_ number: Int, text: String) { set(number, .bytes(Array(text.utf8))) }

  mutating func remove(_ number: Int, _ occurrence: Int = 0) { fields.remove(at: position(number, occurrence)) }

  /// Changes a submessage found by pairs of field number and occurrence.
  mutating func edit(_ path: [(Int, Int)], _ body: (inout WireMessage) -> Void) {
    guard let (number, occurrence) = path.first else { return body(&self) }
    let position = position(number, occurrence)
    var message: WireMessage
    switch fields[position].value {
    case .message(let known): message = known
    case .bytes(let bytes): message = WireMessage(parsing: bytes)
    default: preconditionFailure("field \(number) is no message")
    }
    message.edit(Array(path.dropFirst()), body)
    fields[position].value = .message(message)
  }

  /// The number in a varint field.
  func number(_ number: Int) -> UInt64 {
    guard case .varint(let value) = fields[position(number)].value else { preconditionFailure("no varint \(number)") }
    return value
  }
}
