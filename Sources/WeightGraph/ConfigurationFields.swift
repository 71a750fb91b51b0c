import FusionCore

/// Reads typed, range-checked fields of one JSON object; `null` counts as absent, as in the library that writes them.
struct ConfigurationFields {
  let fields: [String: JSONValue]
  /// Names the file and the object in errors.
  let file: String
  private let path: String
  /// Places of fields that are not under `path`.
  private let places: [String: String]

  init(_ fields: [String: JSONValue], file: String, path: String = "", places: [String: String] = [:]) {
    self.fields = fields
    self.file = file
    self.path = path
    self.places = places
  }

  /// The value of a field unless it is absent or `null`.
  subscript(name: String) -> JSONValue? {
    switch fields[name] {
    case nil, .null: nil
    case let value: value
    }
  }

  /// A whole number inside `range`; `reason` says what the upper end is taken from.
  func integer(_ name: String, in range: ClosedRange<Int>, _ reason: String) throws -> Int {
    guard let value = try optionalInteger(name, in: range, reason) else { throw missing(name, "a whole number") }
    return value
  }

  /// A whole number inside `range`, or `nil` if the field is absent.
  func optionalInteger(_ name: String, in range: ClosedRange<Int>, _ reason: String) throws -> Int? {
    guard let value = self[name] else { return nil }
    // Python writes some of them as 131072.0.
    guard case .integer(let number) = value.withWholeNumbers else { throw wrongType(name, "a whole number", value) }
    return try checked(number, name, in: range, reason)
  }

  /// A number that must lie in `range`.
  func checked(_ number: Int, _ name: String, in range: ClosedRange<Int>, _ reason: String) throws -> Int {
    guard range.contains(number) else {
      throw outOfRange(name, "\(range.lowerBound) to \(range.upperBound) (\(reason))", "\(number)")
    }
    return number
  }

  /// A number above 0 and not above `limit`, or `nil` if the field is absent.
  func optionalPositiveNumber(_ name: String, upTo limit: Double) throws -> Double? {
    guard let value = self[name] else { return nil }
    return try positive(value, name, upTo: limit)
  }

  private func positive(_ value: JSONValue, _ name: String, upTo limit: Double) throws -> Double {
    guard let number = value.asNumber else { throw wrongType(name, "a number", value) }
    guard number > 0, number <= limit else {
      throw outOfRange(name, "a number above 0, at most \(limit)", "\(number)")
    }
    return number
  }

  /// A number in `range`, or `nil` if the field is absent.
  func optionalNumber(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let value = self[name] else { return nil }
    guard let number = value.asNumber else { throw wrongType(name, "a number", value) }
    guard range.contains(number) else {
      throw outOfRange(name, "a number from \(range.lowerBound) to \(range.upperBound)", "\(number)")
    }
    return number
  }

  /// A number in `range`.
  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double {
    guard let number = try optionalNumber(name, in: range) else { throw missing(name, "a number") }
    return number
  }

  /// A list of as many numbers above 0.
  func positiveNumbers(_ name: String, count: Int, upTo limit: Double) throws -> [Double] {
    guard let value = self[name] else { throw missing(name, "a list of \(count) numbers") }
    guard case .array(let values) = value, values.count == count else {
      throw wrongType(name, "a list of \(count) numbers", value)
    }
    return try values.map { try positive($0, name, upTo: limit) }
  }

  /// A text.
  func string(_ name: String, _ expected: String) throws -> String {
    guard let text = try optionalString(name) else { throw missing(name, expected) }
    return text
  }

  /// A boolean, or `nil` if the field is absent.
  func optionalBool(_ name: String) throws -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let flag) = value else { throw wrongType(name, "true or false", value) }
    return flag
  }

  /// A text, or `nil` if the field is absent.
  func optionalString(_ name: String) throws -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw wrongType(name, "a text", value) }
    return text
  }

  /// An object's fields, or `nil` if the field is absent.
  func optionalObject(_ name: String) throws -> ConfigurationFields? {
    guard let value = self[name] else { return nil }
    guard case .object(let inner) = value else { throw wrongType(name, "an object", value) }
    return ConfigurationFields(inner, file: file, path: place(name) + ".")
  }

  /// A field's name with the objects that it lies in.
  func place(_ name: String) -> String { places[name] ?? path + name }

  func missing(_ name: String, _ expected: String) -> FusionError {
    FusionError(
      .configurationMissingField, "a field of the configuration is missing", file: file, place: place(name),
      expected: expected, found: "no such field", remedy: "use the config.json that was published with the weights")
  }

  func wrongType(_ name: String, _ expected: String, _ found: JSONValue) -> FusionError {
    FusionError(
      .configurationWrongType, "a field of the configuration has the wrong type", file: file, place: place(name),
      expected: expected, found: found.summary, remedy: "use the config.json that was published with the weights")
  }

  func outOfRange(_ name: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .configurationOutOfRange, "a number of the configuration is out of range", file: file, place: place(name),
      expected: expected, found: found, remedy: "use the config.json that was published with the weights")
  }

  func inconsistent(_ name: String, _ expected: String, _ found: String) -> FusionError {
    inconsistent(at: place(name), expected: expected, found: found)
  }

  func inconsistent(at place: String, expected: String, found: String) -> FusionError {
    FusionError(
      .configurationInconsistent, "two fields of the configuration contradict each other", file: file,
      place: place, expected: expected, found: found,
      remedy: "use the config.json that was published with the weights")
  }

  func unsupported(_ name: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .configurationUnsupported, "the configuration describes a model that is not supported", file: file,
      place: place(name), expected: expected, found: found,
      remedy: "convert one of the supported models, or ask for support of this one")
  }
}
