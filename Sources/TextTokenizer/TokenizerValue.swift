import FusionCore

/// A value of a tokenizer's JSON file; the large vocabularies are read without building these.
indirect enum TokenizerValue: Sendable {
  case object(TokenizerObject)
  case array([TokenizerValue])
  case string(String)
  case integer(Int)
  case number(Double)
  case bool(Bool)
  case null

  /// Values in a document; published configurations stay below 10,000.
  static let maximumValueCount = 1_000_000
  /// Nested lists and objects; published files stay below 10.
  static let maximumDepth = 32

  /// The type in words, for errors.
  var phrase: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string(let text): "\"\(text.prefix(80))\""
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .null: "null"
    }
  }

  /// Parses a document that must be an object.
  static func parseObject(_ bytes: [UInt8]) throws -> TokenizerObject {
    try bytes.withUnsafeBytes { buffer in
      var scanner = try StrictJSONScanner(buffer, maximumDepth: maximumDepth)
      var count = 0
      let object = try readObject(&scanner, &count, place: "")
      try scanner.finish()
      return object
    }
  }

  /// Reads the value that is due.
  static func read(
    _ scanner: inout StrictJSONScanner, _ count: inout Int, place: String
  ) throws -> TokenizerValue {
    let kind = try scanner.kind()
    count += 1
    guard count <= maximumValueCount else {
      throw FusionError(
        .tokenizerTooComplex, "a tokenizer file holds too many values", place: "offset \(scanner.position)",
        expected: "at most \(maximumValueCount) values", found: "one more",
        remedy: "check that this is the model's own tokenizer file")
    }
    switch kind {
    case .object: return .object(try readObject(&scanner, &count, place: place))
    case .array:
      var values: [TokenizerValue] = []
      try scanner.beginArray()
      while try scanner.nextElement() {
        values.append(try read(&scanner, &count, place: "\(place)[\(values.count)]"))
      }
      return .array(values)
    case .string, .boolean, .null, .number:
      switch try scanner.scalar(kind) {
      case .string(let text): return .string(text)
      case .bool(let value): return .bool(value)
      case .null: return .null
      case .integer(let value): return .integer(value)
      case .number(let value): return .number(value)
      case .outOfRange(let text):
        throw FusionError.wrongTokenizerField(place, expected: "a number in range", found: text)
      }
    }
  }

  private static func readObject(
    _ scanner: inout StrictJSONScanner, _ count: inout Int, place: String
  ) throws -> TokenizerObject {
    var members: [TokenizerObject.Member] = []
    var names: Set<[UInt8]> = []
    try scanner.beginObject()
    while let name = try scanner.nextKey() {
      let here = place.isEmpty ? String(name.prefix(80)) : "\(place).\(name.prefix(80))"
      guard names.insert(Array(name.utf8)).inserted else {
        throw FusionError.wrongTokenizerField(here, expected: "every field once", found: "the field again")
      }
      members.append(.init(name: name, value: try read(&scanner, &count, place: here)))
    }
    return TokenizerObject(place: place, members: members)
  }
}
