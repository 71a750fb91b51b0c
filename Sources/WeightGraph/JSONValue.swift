/// One value of a JSON document, with whole numbers kept apart from fractions and from booleans.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent that fits in 64 bits.
  case integer(Int)
  /// Any other number, also one that is not finite.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Fields by name; the parser has refused duplicates.
  case object([String: JSONValue])

  /// The value of a number of either kind.
  var asNumber: Double? {
    switch self {
    case .integer(let whole): Double(whole)
    case .number(let fraction): fraction
    default: nil
    }
  }

  /// The same with whole numbers as such, however they are written: 8 and 8.0 say the same.
  var withWholeNumbers: JSONValue {
    switch self {
    case .number(let number): Int(exactly: number).map { .integer($0) } ?? self
    case .array(let values): .array(values.map(\.withWholeNumbers))
    default: self
    }
  }

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
