extension StrictJSONScanner {
  /// Reads a string, with its escapes resolved.
  ///
  /// - Throws: `.jsonWrongType`, or `.jsonSyntax` for a bare control character, an unknown escape or half a surrogate
  ///   pair.
  public mutating func string() throws -> String {
    try expect(.string)
    let value = try scanString()
    completeValue()
    return value
  }

  /// Reads from an opening quote to behind the closing one.
  mutating func scanString() throws -> String {
    position += 1
    let start = position
    position = endOfPlainRun(from: start)
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      defer { position += 1 }
      return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
    }
    var decoded = [UInt8](bytes[start..<position])
    while true {
      guard position < bytes.count else { throw syntaxFailure(at: position, expected: "the closing quote of a string") }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: decoded, as: UTF8.self)
      case UInt8(ascii: "\\"):
        try scanEscape(into: &decoded)
      default:
        throw syntaxFailure(at: position, expected: "control characters of a string to be escaped")
      }
      let runStart = position
      position = endOfPlainRun(from: runStart)
      decoded.append(contentsOf: bytes[runStart..<position])
    }
  }

  /// The first index from `start` on that holds a quote, a backslash or a control character, or the end of the text.
  private func endOfPlainRun(from start: Int) -> Int {
    var index = start
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs = ones << 7
    while index <= bytes.count - 8 {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      // The lowest set bit of each term marks the first match exactly: borrows only travel upwards.
      let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
      let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
      let stops =
        ((word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & highs
      if stops != 0 { return index + stops.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
      index += 1
    }
    return index
  }

  private mutating func scanEscape(into decoded: inout [UInt8]) throws {
    let start = position
    position += 1
    guard position < bytes.count else { throw syntaxFailure(at: position, expected: "an escape") }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"):
      guard let encoded = UTF8.encode(try scanUnicodeEscape(from: start)) else {
        throw syntaxFailure(at: start, expected: "a Unicode character")
      }
      decoded.append(contentsOf: encoded)
    default: throw syntaxFailure(at: position - 1, expected: "one of \" \\ / b f n r t u after a backslash")
    }
  }

  /// The character of `\uXXXX`, or of two of them that make a surrogate pair; stands behind the `u`.
  private mutating func scanUnicodeEscape(from start: Int) throws -> Unicode.Scalar {
    let first = try scanFourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let pair = "a high surrogate followed by a low one"
    guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw syntaxFailure(at: start, expected: pair, found: "one surrogate alone") }
    position += 2
    let second = try scanFourHexDigits()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw syntaxFailure(at: start, expected: pair, found: "two halves that do not match") }
    return scalar
  }

  private mutating func scanFourHexDigits() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = position < bytes.count ? bytes[position] : 0
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw syntaxFailure(at: position, expected: "four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
