/// Whether the candidate is good enough, said once for all forms of the report.
public struct Verdict: Codable, Sendable, Equatable {
  /// In one word.
  public var grade: VerdictGrade
  /// In one or two sentences, with the figures that decided it.
  public var sentence: String

  /// Collects the fields.
  public init(
    grade: VerdictGrade, sentence: String
  ) {
    self.grade = grade
    self.sentence = sentence
  }
}
