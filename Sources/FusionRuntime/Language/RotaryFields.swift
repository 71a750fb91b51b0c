import FusionCore
import WeightGraph

/// Typed access to the fields of `rope_scaling`.
struct RotaryFields {
  let fields: [String: JSONValue]
  let file: String

  func number(_ name: String, _ range: ClosedRange<Double>) throws -> Double {
    guard let value = try optionalNumber(name, range) else {
      throw unsupported(name, "a number", "nothing")
    }
    return value
  }

  func optionalNumber(_ name: String, _ range: ClosedRange<Double>) throws -> Double? {
    guard let field = fields[name], field != .null else { return nil }
    guard let value = Self.number(field), range.contains(value) else {
      throw unsupported(name, "a number from \(range.lowerBound) to \(range.upperBound)", Self.text(field))
    }
    return value
  }

  /// A list of as many positive numbers.
  func numbers(_ name: String, count: Int) throws -> [Float] {
    guard case .array(let values)? = fields[name], values.count == count else {
      throw unsupported(name, "a list of \(count) numbers, half the width of a head", Self.text(fields[name]))
    }
    return try values.map { value in
      guard let number = Self.number(value), number > 0, number <= 1e6 else {
        throw unsupported(name, "positive numbers up to 1e6", Self.text(value))
      }
      return Float(number)
    }
  }

  func unsupported(_ name: String, _ expected: String, _ found: String) -> FusionError {
    FusionError(
      .unsupportedRotaryScaling, "the runtime cannot compute this rotary scaling", file: file,
      place: "rope_scaling.\(name)", expected: expected, found: found,
      remedy: "use the config.json that was published with the model")
  }

  static func text(_ value: JSONValue?) -> String {
    switch value {
    case nil: "nothing"
    case .string(let text): "\"\(text.prefix(60))\""
    case .integer(let number): "\(number)"
    case .number(let number): "\(number)"
    case .array(let values): "a list of \(values.count) values"
    case .bool, .null, .object: "a value of another type"
    }
  }

  private static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
