/// One value of a JSON document, with whole numbers kept apart from fractions and from booleans.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent that fits in 64 bits.
  case integer(Int)
  /// Any other number; always finite.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Fields by name; the parser has refused duplicates.
  case object([String: JSONValue])

  /// What the value is, in words for an error message; long texts are cut.
  var summary: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "the text \"\(value.prefix(80))\""
    case .array(let values): "a list of \(values.count) values"
    case .object(let fields): "an object of \(fields.count) fields"
    }
  }
}
