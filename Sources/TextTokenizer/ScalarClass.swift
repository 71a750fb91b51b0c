/// Kinds of characters as the regular expressions of tokenizers tell them apart.
enum ScalarClass {
  case letter
  case number
  case whitespace
  case other

  /// The kind of a character; each has exactly one.
  static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
    if scalar.value < 0x80 { return ofASCII(UInt8(truncatingIfNeeded: scalar.value)) }
    if isWhitespace(scalar) { return .whitespace }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
    case .decimalNumber, .letterNumber, .otherNumber: return .number
    default: return .other
    }
  }

  /// Unicode's White_Space property.
  static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// What Python's `str.strip` removes: White_Space and the four information separators.
  static func isPythonWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    isWhitespace(scalar) || (0x1C...0x1F).contains(scalar.value)
  }

  /// What `\w` means in Unicode regular expressions (UTS 18, annex C).
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    if properties.isAlphabetic || properties.isJoinControl { return true }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
    default: return false
    }
  }

  private static func ofASCII(_ byte: UInt8) -> ScalarClass {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .number
    case 0x09...0x0D, 0x20: .whitespace
    default: .other
    }
  }
}
