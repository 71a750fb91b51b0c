extension String {
  /// The text without white space at both ends, as the reference's language trims: Unicode white space, and the four
  /// separators of ASCII that Unicode does not count as such.
  func trimmingWhiteSpace() -> String {
    func isTrimmed(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
    }
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !isTrimmed($0) }),
      let last = scalars.lastIndex(where: { !isTrimmed($0) })
    else { return "" }
    return String(scalars[first...last])
  }
}
