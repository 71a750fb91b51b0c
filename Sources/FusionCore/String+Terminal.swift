extension String {
  /// This text with every character that could drive a terminal or reorder a line made visible.
  ///
  /// Names from files reach error messages and tables; control characters, line and paragraph separators and
  /// bidirectional marks become `\u{XX}`, and bytes of a path that are not UTF-8 `\xXX`.
  public var escapedForTerminal: String {
    escaping(where: \.isUnsafeInNames)
  }

  /// This text with every character made visible that could drive a terminal; line feeds, tabs and what scripts and
  /// emoji need, such as joiners and marks of direction, stay.
  ///
  /// For text of a model, which may be of any language and have many lines, where ``escapedForTerminal`` is for names.
  public var proseEscapedForTerminal: String {
    escaping(where: \.isUnsafeInProse)
  }

  /// A JSON text, in which characters that could drive a terminal or reorder a line stand as JSON's own escapes.
  ///
  /// JSON permits some of them in strings as they are. Outside of strings there are none of them but line ends, which
  /// stay.
  public var jsonEscapedForTerminal: String {
    guard unicodeScalars.contains(where: { $0 != "\n" && $0.isUnsafeInNames }) else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard scalar != "\n", scalar.isUnsafeInNames else {
        result.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
      }
    }
    return String(result)
  }

  private func escaping(where isUnsafe: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isUnsafe) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if scalar.standsForByte {
        result += "\\x" + String(scalar.value & 0xFF, radix: 16, uppercase: true)
      } else if isUnsafe(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// This text with spaces after it up to a width in characters.
  public func padding(toWidth width: Int) -> String {
    count >= width ? self : self + String(repeating: " ", count: width - count)
  }

  /// This text with spaces before it up to a width in characters.
  public func leftPadding(toWidth width: Int) -> String {
    count >= width ? self : String(repeating: " ", count: width - count) + self
  }
}

extension Unicode.Scalar {
  /// Whether the scalar is a control character, a line separator, a bidirectional or an invisible mark.
  public var isUnsafeInNames: Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F: true
    case 0x61C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: true
    case 0xE0000...0xE007F: true
    default: standsForByte
    }
  }

  /// Whether the scalar is a control character other than line feed and tab, or overrides the direction of text.
  public var isUnsafeInProse: Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F...0x9F: true
    case 0x202A...0x202E, 0x2066...0x2069: true
    default: standsForByte
    }
  }
}
