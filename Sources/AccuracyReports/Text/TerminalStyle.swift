/// Colours and weights of terminal text; plain text where colour is off.
struct TerminalStyle {
  let color: Bool

  func bold(_ text: String) -> String { wrap(text, "1") }
  func faint(_ text: String) -> String { wrap(text, "2") }
  func good(_ text: String) -> String { wrap(text, "32") }
  func warning(_ text: String) -> String { wrap(text, "33") }
  func bad(_ text: String) -> String { wrap(text, "1;31") }

  /// The colour of a grade.
  func graded(_ text: String, _ grade: VerdictGrade) -> String {
    switch grade {
    case .identical, .nearLossless: wrap(text, "1;32")
    case .good: wrap(text, "1;33")
    case .degraded, .broken: wrap(text, "1;31")
    case .unmeasured: wrap(text, "1")
    }
  }

  private func wrap(_ text: String, _ code: String) -> String {
    color && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
