import FusionCore

extension JSONValue {
  /// Nested lists and objects; published configurations stay below 10.
  static let maximumDepth = 32
  /// Values in a document; published configurations stay below 1,000. A document of a few megabytes of commas would
  /// otherwise take a hundred times its size in memory.
  static let maximumValueCount = 100_000

  /// The value of a whole document that must be an object, as Python writes them: with a byte order mark or without, and
  /// with numbers that are not finite.
  ///
  /// - Parameters:
  ///   - bytes: the document.
  ///   - file: its path, for errors.
  /// - Throws: what `StrictJSONScanner` throws; `.configurationDuplicateField`, `.configurationTooComplex`,
  ///   `.configurationOutOfRange` for a number that float64 cannot hold.
  public static func parseObject(_ bytes: [UInt8], file: String) throws -> [String: JSONValue] {
    try bytes.withUnsafeBytes { buffer in
      do {
        var scanner = try StrictJSONScanner(buffer, maximumDepth: maximumDepth, dialect: .lenient)
        var count = 0
        let fields = try object(&scanner, &count)
        try scanner.finish()
        return fields
      } catch let error as FusionError {
        throw error.inFile(file)
      }
    }
  }

  private static func value(
    _ scanner: inout StrictJSONScanner, _ count: inout Int
  ) throws -> JSONValue {
    let kind = try scanner.kind()
    count += 1
    guard count <= maximumValueCount else {
      throw FusionError(
        .configurationTooComplex, "the configuration holds too many values", place: "offset \(scanner.position)",
        expected: "at most \(maximumValueCount) values", found: "one more",
        remedy: "check that this is the model's own config.json")
    }
    let start = scanner.position
    switch kind {
    case .object: return .object(try object(&scanner, &count))
    case .array:
      var values: [JSONValue] = []
      try scanner.beginArray()
      while try scanner.nextElement() { values.append(try value(&scanner, &count)) }
      return .array(values)
    case .string, .boolean, .null, .number:
      switch try scanner.scalar(kind) {
      case .string(let text): return .string(text)
      case .bool(let value): return .bool(value)
      case .null: return .null
      case .integer(let value): return .integer(value)
      case .number(let value): return .number(value)
      case .outOfRange(let text): throw outOfRange(text, at: start)
      }
    }
  }

  private static func object(
    _ scanner: inout StrictJSONScanner, _ count: inout Int
  ) throws -> [String: JSONValue] {
    var fields: [String: JSONValue] = [:]
    try scanner.beginObject()
    while let name = try scanner.nextKey() {
      let place = scanner.position
      guard fields.updateValue(try value(&scanner, &count), forKey: name) == nil else {
        throw FusionError(
          .configurationDuplicateField, "a field stands twice in the configuration",
          place: "\(name.prefix(80)), offset \(place)", expected: "every field once", found: "the field again",
          remedy: "remove one of the two, or download the file again")
      }
    }
    return fields
  }

  private static func outOfRange(_ text: String, at offset: Int) -> FusionError {
    FusionError(
      .configurationOutOfRange, "a number of the configuration is out of range", place: "offset \(offset)",
      expected: "a number that float64 can hold", found: text,
      remedy: "use the config.json that was published with the weights")
  }
}
