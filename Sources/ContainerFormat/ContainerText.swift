import FusionCore

/// The kinds of text in an index, each with its rule.
enum ContainerText {
  /// Name of a tensor.
  case name
  /// Name of a small file, without a folder.
  case fileName
  /// Path relative to a folder, that does not leave it.
  case relativePath
  /// A word or two; may be empty.
  case label
  /// A sentence; may be empty.
  case sentence
  /// JSON text; may have line feeds and tabs.
  case recipe

  /// Permitted lengths in bytes.
  var byteCounts: ClosedRange<Int> {
    switch self {
    case .name, .relativePath: 1...ContainerLimits.maximumNameByteCount
    case .fileName: 1...ContainerLimits.maximumFileNameByteCount
    case .label: 0...ContainerLimits.maximumLabelByteCount
    case .sentence: 0...ContainerLimits.maximumSentenceByteCount
    case .recipe: 0...ContainerLimits.maximumRecipeByteCount
    }
  }

  /// Proves that bytes are a text of this kind.
  ///
  /// - Throws: `.containerInvalidText`.
  func decode(_ bytes: UnsafeRawBufferPointer, place: @autoclosure () -> String) throws -> String {
    try checkLength(bytes.count, place())
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw refusal(place(), expected: "UTF-8", found: "bytes that are not UTF-8")
    }
    try checkContent(text, place())
    return text
  }

  /// Proves that a text is of this kind.
  ///
  /// - Throws: `.containerInvalidText`.
  func check(_ text: String, place: @autoclosure () -> String) throws {
    try checkLength(text.utf8.count, place())
    try checkContent(text, place())
  }

  private func checkLength(_ byteCount: Int, _ place: @autoclosure () -> String) throws {
    guard !byteCounts.contains(byteCount) else { return }
    throw refusal(
      place(), expected: "\(byteCounts.lowerBound) to \(byteCounts.upperBound) bytes", found: "\(byteCount) bytes")
  }

  private func checkContent(_ text: String, _ place: @autoclosure () -> String) throws {
    if let scalar = text.unicodeScalars.first(where: { isUnsafe($0) }) {
      throw refusal(
        place(), expected: "visible characters", found: "U+\(String(scalar.value, radix: 16, uppercase: true))")
    }
    switch self {
    case .fileName where text.contains("/") || text.contains("\\") || text == "." || text == "..":
      throw refusal(place(), expected: "a plain file name", found: text)
    case .relativePath:
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      if text.contains("\\") || parts.contains(where: { ["", ".", ".."].contains($0) }) {
        throw refusal(place(), expected: "a path that stays in its folder", found: text)
      }
    default: break
    }
  }

  private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.isUnsafeInNames else { return false }
    return !(self == .recipe && (scalar == "\n" || scalar == "\t"))
  }

  private func refusal(_ place: String, expected: String, found: String) -> FusionError {
    FusionError.container(
      .containerInvalidText, "a text of the index is not permitted", place: place, expected: expected, found: found)
  }
}
