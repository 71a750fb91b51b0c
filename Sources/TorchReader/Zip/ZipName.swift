import FusionCore

/// The rule for names of entries, which reach terminals and reports, and by which records are looked up.
enum ZipName {
  /// Reads and checks a name.
  ///
  /// - Parameter place: where the name stands, for the error.
  /// - Throws: `.torchZipUnsafeName`.
  static func read(_ bytes: UnsafeRawBufferPointer, place: @autoclosure () -> String) throws -> String {
    let text = bytes.count <= ZipLimits.nameByteCount ? String(validating: bytes, as: UTF8.self) : nil
    let defect =
      if let text { defect(of: text) } else if bytes.count > ZipLimits.nameByteCount {
        "\(bytes.count) bytes"
      } else {
        "bytes that are not UTF-8"
      }
    if let text, defect == nil { return text }
    throw FusionError(
      .torchZipUnsafeName, "an entry has a name that is not safe to use", place: place(),
      expected: "a relative path of 1 to \(ZipLimits.nameByteCount) bytes without control characters, direction marks, "
        + "backslashes or \"..\"",
      found: (defect ?? "") + (text.map { " in " + TensorName.quoted($0) } ?? ""), remedy: ZipRemedy.distrust)
  }

  /// Says what is wrong with a name, or `nil`.
  private static func defect(of name: String) -> String? {
    if name.isEmpty { return "an empty name" }
    var isASCII = true
    var componentByteCount = 0
    var dotCount = 0
    for byte in name.utf8 {
      switch byte {
      case 0..<0x20, 0x7F: return "a control character"
      case UInt8(ascii: "\\"): return "a backslash"
      case UInt8(ascii: "/"):
        if componentByteCount == 0 { return "an absolute path, or an empty part" }
        if dotCount == componentByteCount, dotCount <= 2 { return "a part \".\" or \"..\"" }
        componentByteCount = 0
        dotCount = 0
        continue
      case UInt8(ascii: "."): dotCount += 1
      case 0x80...: isASCII = false
      default: break
      }
      componentByteCount += 1
    }
    if componentByteCount > 0, dotCount == componentByteCount, dotCount <= 2 { return "a part \".\" or \"..\"" }
    if hasDrive(name) { return "a drive letter" }
    if !isASCII, name.unicodeScalars.contains(where: \.isUnsafeInNames) { return "an invisible or direction mark" }
    return nil
  }

  /// Whether a name starts as `C:/`, or is `C:`.
  private static func hasDrive(_ name: String) -> Bool {
    var bytes = name.utf8.makeIterator()
    guard let letter = bytes.next(), (0x61...0x7A).contains(letter | 0x20), bytes.next() == UInt8(ascii: ":") else {
      return false
    }
    let next = bytes.next()
    return next == nil || next == UInt8(ascii: "/")
  }
}
