import FusionCore

/// A JSON object of a tokenizer file, in the order of the file, with typed access that names the field on failure.
struct TokenizerObject: Sendable {
  struct Member: Sendable {
    let name: String
    let value: TokenizerValue
  }

  /// Path of the object in its file, empty for the outermost.
  let place: String
  /// The fields, in the order of the file.
  let members: [Member]

  /// The value of a field, or `nil` if it is missing or null.
  subscript(name: String) -> TokenizerValue? {
    guard let member = members.first(where: { $0.name == name }) else { return nil }
    if case .null = member.value { return nil }
    return member.value
  }

  /// Whether the field is there, null included.
  func has(_ name: String) -> Bool { members.contains { $0.name == name } }

  /// Path of a field.
  func path(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

  /// A text field, or `nil` if it is missing or null.
  func string(_ name: String) throws -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw wrong(name, "a string", value) }
    return text
  }

  /// A text field that must be there.
  func requiredString(_ name: String) throws -> String {
    guard let text = try string(name) else { throw missing(name, "a string") }
    return text
  }

  /// A truth value, or `nil` if it is missing or null.
  func bool(_ name: String) throws -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let truth) = value else { throw wrong(name, "true or false", value) }
    return truth
  }

  /// A truth value that must be there.
  func requiredBool(_ name: String) throws -> Bool {
    guard let truth = try bool(name) else { throw missing(name, "true or false") }
    return truth
  }

  /// A whole number in a range, or `nil` if it is missing or null.
  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let value = self[name] else { return nil }
    guard case .integer(let number) = value, range.contains(number) else {
      throw wrong(name, "a whole number from \(range.lowerBound) to \(range.upperBound)", value)
    }
    return number
  }

  /// A list, or `nil` if it is missing or null.
  func array(_ name: String) throws -> [TokenizerValue]? {
    guard let value = self[name] else { return nil }
    guard case .array(let values) = value else { throw wrong(name, "a list", value) }
    return values
  }

  /// A list of objects that must be there.
  func requiredObjects(_ name: String) throws -> [TokenizerObject] {
    guard let values = try array(name) else { throw missing(name, "a list of objects") }
    return try values.map { value in
      guard case .object(let object) = value else { throw wrong(name, "a list of objects", value) }
      return object
    }
  }

  /// An object, or `nil` if it is missing or null.
  func object(_ name: String) throws -> TokenizerObject? {
    guard let value = self[name] else { return nil }
    guard case .object(let object) = value else { throw wrong(name, "an object", value) }
    return object
  }

  /// An error that says what a field should have been.
  func wrong(_ name: String, _ expected: String, _ value: TokenizerValue) -> FusionError {
    .wrongTokenizerField(path(name), expected: expected, found: value.phrase)
  }

  /// An error that says that a field is not there.
  func missing(_ name: String, _ expected: String) -> FusionError {
    .wrongTokenizerField(path(name), expected: expected, found: "nothing")
  }
}
