import FusionCore

/// Opcodes that make a number.
extension PickleMachine {
  mutating func pushNumber(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .binInt1: try push(.integer(Int(try number(UInt8.self))))
    case .binInt2: try push(.integer(Int(try number(UInt16.self))))
    case .binInt: try push(.integer(Int(try number(Int32.self))))
    case .binFloat: try push(.real(Double(bitPattern: try number(UInt64.self).byteSwapped)))
    case .long1, .long4: try pushLong(opcode)
    default: try pushDecimal(opcode)
    }
  }

  /// Bytes in two's complement, least first.
  private mutating func pushLong(_ opcode: PickleOpcode) throws {
    let length = try length(opcode)
    let range = try take(length)
    guard range.count <= PickleLimits.integerByteCount else {
      throw tooLarge("bytes of an integer", limit: PickleLimits.integerByteCount)
    }
    guard range.count <= 8 else {
      try push(.longInteger(byteCount: range.count))
      return
    }
    let isNegative = range.last.map { bytes[$0] >= 0x80 } ?? false
    let bits = range.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int(bytes[$1]) }
    try push(.integer(bits))
  }

  /// INT and LONG: a line of digits, as Python 2 wrote integers beyond 32 bits in protocol 2 too.
  private mutating func pushDecimal(_ opcode: PickleOpcode) throws {
    let range = try line()
    var digits = bytes[range]
    if opcode == .int, digits.elementsEqual("00".utf8) || digits.elementsEqual("01".utf8) {
      try push(digits.last == UInt8(ascii: "1") ? Self.true : Self.false)
      return
    }
    if opcode == .long, digits.last == UInt8(ascii: "L") { digits = digits.dropLast() }
    if let value = decimal(digits) {
      try push(.integer(value))
      return
    }
    let magnitude = digits.first == UInt8(ascii: "-") ? digits.dropFirst() : digits
    guard !magnitude.isEmpty, magnitude.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw refusal(
        .torchPickleBadText, "a line is not an integer", expected: "decimal digits",
        found: quoted(bytes[range]))
    }
    // 5 digits are more than 2 bytes.
    try push(.longInteger(byteCount: magnitude.count * 2 / 5 + 1))
  }

  /// The value of an optional minus and digits; `nil` beyond 64 bits and for anything else.
  func decimal(_ digits: Slice<UnsafeRawBufferPointer>) -> Int? {
    let isNegative = digits.first == UInt8(ascii: "-")
    let magnitude = isNegative ? digits.dropFirst() : digits
    guard !magnitude.isEmpty, magnitude.count <= 19 else { return nil }
    var value = 0
    for byte in magnitude {
      guard (0x30...0x39).contains(byte), let shifted = CheckedArithmetic.product(value, 10) else { return nil }
      let digit = Int(byte) - 0x30
      guard let next = CheckedArithmetic.sum(shifted, isNegative ? -digit : digit) else { return nil }
      value = next
    }
    return value
  }
}
