extension FusionError.Code {
  /// The text is not JSON.
  public static let jsonSyntax = Self("json.syntax")
  /// The text is not UTF-8.
  public static let jsonNotUTF8 = Self("json.notUTF8")
  /// Objects and arrays are nested deeper than the reader goes.
  public static let jsonTooDeep = Self("json.tooDeep")
  /// The text is JSON, but a value of another type was expected.
  public static let jsonWrongType = Self("json.wrongType")
  /// A number is not a plain unsigned 64-bit integer: it has a sign, fraction, exponent or leading zero, or is too large.
  public static let jsonNotUnsigned = Self("json.notUnsigned")
}

extension StrictJSONScanner {
  /// An error at a byte of the text.
  @inline(never)
  func failure(
    _ code: FusionError.Code, _ summary: String, at index: Int, expected: String, found: String? = nil
  ) -> FusionError {
    FusionError(
      code, summary, place: "offset \(origin + index)", expected: expected, found: found ?? describeByte(at: index),
      remedy: "download the file again; if the error stays, the program that wrote it is at fault")
  }

  @inline(never)
  func syntaxFailure(at index: Int, expected: String, found: String? = nil) -> FusionError {
    failure(.jsonSyntax, "the text is not valid JSON", at: index, expected: expected, found: found)
  }

  @inline(never)
  func wrongType(expected: StrictJSONKind, found: StrictJSONKind) -> FusionError {
    failure(
      .jsonWrongType, "a JSON value has the wrong type", at: position, expected: expected.phrase, found: found.phrase)
  }

  /// The byte as a person would name it.
  private func describeByte(at index: Int) -> String {
    guard index < bytes.count else { return "the end of the text" }
    let byte = bytes[index]
    if byte > 0x20, byte < 0x7F { return "\"\(Unicode.Scalar(byte))\"" }
    let digits = String(byte, radix: 16, uppercase: true)
    return "byte 0x" + (digits.count == 1 ? "0" : "") + digits
  }
}
