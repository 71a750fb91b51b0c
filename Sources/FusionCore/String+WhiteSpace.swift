extension String {
  /// The text without white space at both ends, see ``Swift/Unicode/Scalar/isTrimmedAtEnds``.
  public var trimmed: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isTrimmedAtEnds }),
      let last = scalars.lastIndex(where: { !$0.isTrimmedAtEnds })
    else { return "" }
    return String(scalars[first...last])
  }
}

extension Unicode.Scalar {
  /// Whether the published implementation's language trims it at the ends of a text: Unicode white space, and the four
  /// separators of ASCII that Unicode does not count as such.
  public var isTrimmedAtEnds: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }
}
