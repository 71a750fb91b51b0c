/// A JSON value without parts.
public enum StrictJSONScalar: Sendable {
  case string(String)
  case bool(Bool)
  case null
  /// A number without fraction and exponent that fits in 64 bits.
  case integer(Int)
  /// Any other number that float64 can hold; of the lenient dialect also what is not finite.
  case number(Double)
  /// A well-formed number that it cannot hold: its text.
  case outOfRange(String)
}

extension StrictJSONScanner {
  /// Reads the value that is due, which is neither an object nor an array.
  ///
  /// - Throws: what reading a value throws.
  /// - Parameter kind: what ``kind()`` has just said.
  /// - Precondition: it is none of the two.
  public mutating func scalar(_ kind: StrictJSONKind) throws -> StrictJSONScalar {
    let start = position
    if kind == .string { return .string(try string()) }
    precondition(kind != .object && kind != .array, "an object or array is no scalar")
    try skipValue()
    switch kind {
    case .boolean: return .bool(bytes[start] == UInt8(ascii: "t"))
    case .null: return .null
    default:
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      if let integer = Int(text) { return .integer(integer) }
      // A number in digits that has no end is one that float64 cannot hold.
      guard let number = Double(text), number.isFinite || text.contains("n") || text.contains("N") else {
        return .outOfRange(String(text.prefix(40)))
      }
      return .number(number)
    }
  }
}
