extension StrictJSONScanner {
  /// Reads a whole number that is written with digits alone.
  ///
  /// - Throws: `.jsonWrongType`; `.jsonNotUnsigned` for a sign, a fraction, an exponent, a leading zero, or a value
  ///   of 2^64 and above.
  public mutating func unsignedInteger() throws -> UInt64 {
    try expect(.number)
    let start = position
    var index = start
    var value: UInt64 = 0
    var fits = true
    while index < bytes.count, case let digit = bytes[index] &- UInt8(ascii: "0"), digit < 10 {
      let (tens, overflowOfProduct) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowOfSum) = tens.addingReportingOverflow(UInt64(digit))
      fits = fits && !overflowOfProduct && !overflowOfSum
      value = sum
      index += 1
    }
    let isPlain = index > start && (bytes[start] != UInt8(ascii: "0") || index == start + 1)
    guard fits, isPlain, index == endOfNumber(from: start) else {
      throw failure(
        .jsonNotUnsigned, "a number is not a plain unsigned integer", at: start,
        expected: "digits alone, below 2^64", found: numberText(from: start))
    }
    position = index
    completeValue()
    return value
  }

  /// Passes over the value that is due, whatever it is; what it holds must still be correct JSON.
  ///
  /// - Throws: `.jsonSyntax`, `.jsonTooDeep`.
  public mutating func skipValue() throws {
    switch try kind() {
    case .object:
      try beginObject()
      while try nextKey() != nil { try skipValue() }
    case .array:
      try beginArray()
      while try nextElement() { try skipValue() }
    case .string: _ = try string()
    case .number: try skipNumber()
    case .boolean: try skipLiteral(bytes[position] == UInt8(ascii: "t") ? "true" : "false")
    case .null: try skipLiteral("null")
    }
  }

  private mutating func skipLiteral(_ literal: StaticString) throws {
    let end = position + literal.utf8CodeUnitCount
    let wanted = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    guard end <= bytes.count, bytes[position..<end].elementsEqual(wanted) else {
      throw syntaxFailure(at: position, expected: "\(literal)")
    }
    position = end
    completeValue()
  }

  private mutating func skipNumber() throws {
    if dialect == .lenient, bytes[position] == UInt8(ascii: "N") { return try skipLiteral("NaN") }
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if dialect == .lenient, position < bytes.count, bytes[position] == UInt8(ascii: "I") {
      return try skipLiteral("Infinity")
    }
    let first = position
    try skipDigits()
    guard position == first + 1 || bytes[first] != UInt8(ascii: "0") else {
      throw syntaxFailure(at: first, expected: "a number without leading zeros")
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
        position += 1
      }
      try skipDigits()
    }
    completeValue()
  }

  private mutating func skipDigits() throws {
    let start = position
    while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > start else { throw syntaxFailure(at: position, expected: "a digit") }
  }

  /// The first index from `start` on that cannot belong to a number of any form.
  private func endOfNumber(from start: Int) -> Int {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        index += 1
      default: return index
      }
    }
    return index
  }

  private func numberText(from start: Int) -> String {
    let end = endOfNumber(from: start)
    let shown = bytes[start..<min(end, start + 40)]
    return String(decoding: shown, as: UTF8.self) + (shown.endIndex < end ? "…" : "")
  }
}
