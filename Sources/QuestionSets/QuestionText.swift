import FusionCore

/// The wording of questions, as the published evaluation scripts have it.
enum QuestionText {
  /// What LLaVA's scripts add to questions with lettered options.
  static let letterRequest = "Answer with the option's letter from the given choices directly."
  /// What they add to questions with short answers.
  static let wordRequest = "Answer the question using a single word or phrase."

  /// A text without image markers and white space around it.
  static func withoutMarkers(_ text: String) -> String {
    text.contains("<image>") ? text.split(separator: "<image>").joined().trimmed : text.trimmed
  }

  /// A question with the request for a letter on a line of its own.
  static func withLetterRequest(_ text: String) -> String { "\(text)\n\(letterRequest)" }

  /// A question with the request for a word on a line of its own.
  static func withWordRequest(_ text: String) -> String { "\(text)\n\(wordRequest)" }

  /// A question reduced to its own words, for finding it in another file: the requests taken off, one space between
  /// words, lower case.
  static func key(_ text: String) -> String {
    var rest = text
    for request in [wordRequest, "Please answer yes or no."] {
      rest = rest.split(separator: request).joined(separator: " ")
    }
    return rest.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
  }
}
