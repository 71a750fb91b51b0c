import FusionCore

/// Parses a JSON document strictly: no comments, no trailing commas, no `NaN`, no field twice, nothing after the end.
///
/// Depth and number of values are bounded, because a document of a few megabytes could otherwise exhaust the stack or
/// take a hundred times its size in memory.
struct JSONParser {
  /// Nested lists and objects; published configurations stay below 10.
  static let maximumDepth = 64
  /// Values in the whole document; published configurations stay below 1,000.
  static let maximumValueCount = 200_000

  private let bytes: [UInt8]
  private let file: String
  private var position = 0
  private var depth = 0
  private var valueCount = 0

  private init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// The value of a whole document.
  ///
  /// - Throws: `.configurationNotJSON`, `.configurationTooComplex`, `.configurationDuplicateField`, with the byte offset
  ///   as place.
  static func parse(_ bytes: [UInt8], file: String) throws -> JSONValue {
    var parser = JSONParser(bytes, file: file)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.unexpected("the end of the document") }
    return value
  }

  private mutating func value() throws -> JSONValue {
    valueCount += 1
    guard valueCount <= JSONParser.maximumValueCount else {
      throw tooComplex("at most \(JSONParser.maximumValueCount) values", "more")
    }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
    default: throw unexpected("a JSON value")
    }
  }

  private mutating func nested(_ body: (inout JSONParser) throws -> JSONValue) throws -> JSONValue {
    guard depth < JSONParser.maximumDepth else {
      throw tooComplex("at most \(JSONParser.maximumDepth) nested lists and objects", "more")
    }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws -> JSONValue {
    var fields: [String: JSONValue] = [:]
    if take("}") { return .object(fields) }
    repeat {
      skipSpace()
      let start = position
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a field name in quotes") }
      let name = try string()
      guard take(":") else { throw unexpected("a colon") }
      let value = try value()
      guard fields.updateValue(value, forKey: name) == nil else {
        throw FusionError(
          .configurationDuplicateField, "a field stands twice in the configuration", file: file,
          place: "\(name.prefix(80)), offset \(start)", expected: "every field once", found: "the field again",
          remedy: "remove one of the two, or download the file again")
      }
    } while take(",")
    guard take("}") else { throw unexpected("a comma or }") }
    return .object(fields)
  }

  private mutating func array() throws -> JSONValue {
    var values: [JSONValue] = []
    if take("]") { return .array(values) }
    repeat { values.append(try value()) } while take(",")
    guard take("]") else { throw unexpected("a comma or ]") }
    return .array(values)
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws -> JSONValue {
    let count = text.utf8CodeUnitCount
    let expected = UnsafeBufferPointer(start: text.utf8Start, count: count)
    guard bytes.count - position >= count, bytes[position..<(position + count)].elementsEqual(expected) else {
      throw unexpected("a JSON value")
    }
    position += count
    return value
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    var isWhole = true
    if peek == UInt8(ascii: "-") { position += 1 }
    if peek == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    if peek == UInt8(ascii: ".") {
      isWhole = false
      position += 1
      try digits()
    }
    if let mark = peek, mark | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      position += 1
      if let sign = peek, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int(text) { return .integer(integer) }
    guard let double = Double(text), double.isFinite else {
      position = start
      throw unexpected("a number that float64 can hold")
    }
    return .number(double)
  }

  private mutating func digits() throws {
    let start = position
    while let byte = peek, isDigit(byte) { position += 1 }
    guard position > start else { throw unexpected("a digit") }
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}

extension JSONParser {
  private mutating func string() throws -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = peek {
      let start = position
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let valid = String(validating: text, as: UTF8.self) else { throw unexpected("text in UTF-8") }
        return valid
      case UInt8(ascii: "\\"): text += try escape()
      case 0..<0x20:
        position = start
        throw unexpected("a text without control characters")
      default: text.append(byte)
      }
    }
    throw unexpected("a closing quote")
  }

  /// The bytes of an escape sequence whose backslash is consumed.
  private mutating func escape() throws -> [UInt8] {
    let kind = peek
    position += 1
    switch kind {
    case UInt8(ascii: "\""): return [0x22]
    case UInt8(ascii: "\\"): return [0x5C]
    case UInt8(ascii: "/"): return [0x2F]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var code = try codeUnit()
      if (0xD800..<0xDC00).contains(code) {
        guard peek == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
          throw unexpected("the second half of a surrogate pair")
        }
        position += 2
        let low = try codeUnit()
        guard (0xDC00..<0xE000).contains(low) else { throw unexpected("the second half of a surrogate pair") }
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw unexpected("a Unicode scalar") }
      return Array(String(Character(scalar)).utf8)
    default:
      position -= 1
      throw unexpected("an escape sequence of JSON")
    }
  }

  private mutating func codeUnit() throws -> UInt32 {
    guard bytes.count - position >= 4 else { throw unexpected("four hexadecimal digits") }
    var code: UInt32 = 0
    for byte in bytes[position..<(position + 4)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw unexpected("four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
    }
    position += 4
    return code
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Consumes a punctuation mark after white space, if it is there.
  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard let byte = peek, UInt32(byte) == mark.value else { return false }
    position += 1
    return true
  }

  private func unexpected(_ expected: String) -> FusionError {
    let found = peek.map { byte in
      (0x21..<0x7F).contains(byte)
        ? "the character \(Character(Unicode.Scalar(byte)))" : "byte 0x" + String(byte, radix: 16, uppercase: true)
    }
    return FusionError(
      .configurationNotJSON, "the configuration is not valid JSON", file: file, place: "offset \(position)",
      expected: expected, found: found ?? "the end of the file", remedy: "download the file again, or correct it")
  }

  private func tooComplex(_ expected: String, _ found: String) -> FusionError {
    FusionError(
      .configurationTooComplex, "the configuration is too deeply nested or too long", file: file,
      place: "offset \(position)", expected: expected, found: found,
      remedy: "check that this is the model's own config.json")
  }
}
