/// The rule for tensor names, which reach terminals, reports and, in exports, other programs.
public enum TensorName {
  /// Longest name in UTF-8 bytes.
  public static let maximumByteCount = 1024

  /// Says what is wrong with a name, or `nil`.
  public static func defect(of name: String) -> String? {
    if name.isEmpty { return "an empty name" }
    if name.utf8.count > maximumByteCount { return "\(name.utf8.count) bytes" }
    var previous: UInt8 = 0
    var isASCII = true
    for byte in name.utf8 {
      switch byte {
      case 0..<0x20, 0x7F: return "a control character"
      case UInt8(ascii: "/"), UInt8(ascii: "\\"): return "a path separator"
      case UInt8(ascii: ".") where previous == byte: return "two dots in a row"
      case 0x80...: isASCII = false
      default: break
      }
      previous = byte
    }
    if !isASCII, name.unicodeScalars.contains(where: \.isUnsafeInNames) { return "an invisible or direction mark" }
    return nil
  }

  /// Proves that a name is one that may be read or written.
  ///
  /// - Throws: an error of the given code.
  public static func check(
    _ name: String, code: @autoclosure () -> FusionError.Code, place: @autoclosure () -> String
  ) throws {
    guard let defect = defect(of: name) else { return }
    throw FusionError(
      code(), "a tensor has a name that is not safe to use", place: place(),
      expected: "1 to \(maximumByteCount) bytes without control characters, direction marks, "
        + "path separators or \"..\"",
      found: "\(defect) in \(quoted(name))", remedy: "do not trust this file; download it again from its author")
  }

  /// A name as error messages show it: in quotes, on one line, not too long.
  public static func quoted(_ name: String) -> String {
    let shown = name.unicodeScalars.prefix(120)
    let rest = shown.endIndex == name.unicodeScalars.endIndex ? "" : "…"
    return "\"" + String(String.UnicodeScalarView(shown)).escapedForTerminal + rest + "\""
  }

  /// Whether a name stands before another in the order of their UTF-8 bytes, which does not depend on a language.
  public static func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
  }
}
