/// Which of the two answers is right.
public enum CorrectSide: String, Codable, Sendable, CaseIterable {
  /// The reference's alone.
  case reference
  /// The candidate's alone.
  case candidate
  /// Both, in other words.
  case both
  /// None of them.
  case neither
  /// No right answer is known.
  case unknown
}
