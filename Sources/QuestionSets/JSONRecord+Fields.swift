import FusionCore

extension JSONRecord {
  /// A text that must be there and hold something.
  ///
  /// - Throws: `.questionMissingField`, `.questionWrongField`.
  func text(_ fields: [String]) throws -> String {
    guard let (name, value) = first(fields) else {
      throw place.missing(fields.joined(separator: " or "), expected: "a text")
    }
    guard case .text(let text) = value, !text.trimmed.isEmpty else {
      throw place.wrong(name, expected: "a text", found: value.phrase)
    }
    return text
  }

  /// A name: a short text without control characters, or a whole number; `nil` if there is none.
  ///
  /// - Throws: `.questionWrongField`.
  func name(_ fields: [String]) throws -> String? {
    guard let (name, value) = first(fields) else { return nil }
    let text: String
    switch value {
    case .text(let found): text = found
    case .integer(let number): text = "\(number)"
    default: throw place.wrong(name, expected: "a text or a whole number", found: value.phrase)
    }
    return try place.checkedName(text, field: name)
  }

  /// The name of the question.
  ///
  /// - Throws: `.questionMissingField`, `.questionWrongField`.
  func identifier(_ fields: [String]) throws -> String {
    guard let identifier = try name(fields) else {
      throw place.missing(fields.joined(separator: " or "), expected: "a text or a whole number")
    }
    guard !identifier.isEmpty else { throw place.wrong(fields[0], expected: "a name", found: "an empty text") }
    return identifier
  }

  /// A list of texts, a single one as a list of one; empty if there is none, or nothing in it.
  ///
  /// - Throws: `.questionWrongField`.
  func list(_ fields: [String]) throws -> [String] {
    guard let (name, value) = first(fields) else { return [] }
    switch value {
    case .text(let text): return text.trimmed.isEmpty ? [] : [text]
    case .integer(let number): return ["\(number)"]
    case .boolean(let isYes): return [isYes ? "yes" : "no"]
    case .list(let list): return list
    case .null, .other: throw place.wrong(name, expected: "a text or a list of texts", found: value.phrase)
    }
  }
}

extension QuestionPlace {
  /// A name as it is, if it is short and on one line.
  ///
  /// - Throws: `.questionWrongField`.
  func checkedName(_ text: String, field: String) throws -> String {
    guard text.utf8.count <= QuestionLimits.nameByteCount else {
      throw wrong(field, expected: "at most \(QuestionLimits.nameByteCount) bytes", found: "\(text.utf8.count) bytes")
    }
    guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw wrong(field, expected: "a name without control characters", found: text.escapedForTerminal)
    }
    return text
  }
}
