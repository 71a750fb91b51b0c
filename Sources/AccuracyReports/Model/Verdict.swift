/// Whether the candidate is good enough, said once for all forms of the report.
public struct Verdict: Codable, Sendable, Equatable {
  /// In one word: the worst of what was measured.
  public var grade: VerdictGrade
  /// Of the predictions after prompts with an image; nil if none were compared.
  public var image: VerdictGrade?
  /// Of the predictions after text alone; nil if none were compared.
  public var text: VerdictGrade?
  /// In one or two sentences, with the figures that decided it.
  public var sentence: String

  /// Collects the fields.
  public init(
    grade: VerdictGrade, image: VerdictGrade? = nil, text: VerdictGrade? = nil, sentence: String
  ) {
    self.grade = grade
    self.image = image
    self.text = text
    self.sentence = sentence
  }
}
