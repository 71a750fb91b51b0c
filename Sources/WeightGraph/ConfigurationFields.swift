import FusionCore

/// Reads typed, range-checked fields of one JSON object; `null` counts as absent, as in the library that writes them.
struct ConfigurationFields {
  let fields: [String: JSONValue]
  /// Names the file and the object in errors.
  let file: String
  private let path: String

  init(_ fields: [String: JSONValue], file: String, path: String = "") {
    self.fields = fields
    self.file = file
    self.path = path
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
    guard case .integer(let number) = value else { throw wrongType(name, "a whole number", value) }
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
    let number: Double
    switch value {
    case .integer(let whole): number = Double(whole)
    case .number(let fraction): number = fraction
    default: throw wrongType(name, "a number", value)
    }
    guard number > 0, number <= limit else {
      throw outOfRange(name, "a number above 0, at most \(limit)", "\(number)")
    }
    return number
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
  func place(_ name: String) -> String { path + name }

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
    FusionError(
      .configurationInconsistent, "two fields of the configuration contradict each other", file: file,
      place: place(name), expected: expected, found: found,
      remedy: "use the config.json that was published with the weights")
  }

  func unsupported(_ name: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .configurationUnsupported, "the configuration describes a model that is not supported", file: file,
      place: place(name), expected: expected, found: found,
      remedy: "convert one of the supported models, or ask for support of this one")
  }
}
