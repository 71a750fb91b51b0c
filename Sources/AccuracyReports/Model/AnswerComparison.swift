/// The answers of both models to the same questions.
public struct AnswerComparison: Codable, Sendable, Equatable {
  /// How many questions were asked.
  public var questionCount: Int
  /// How many of them got other words; ``changed`` may list fewer.
  public var changedCount: Int
  /// Share that the reference has right, 0 to 1; nil without known answers.
  public var referenceAccuracy: ReportedEstimate?
  /// Share that the candidate has right, 0 to 1; nil without known answers.
  public var candidateAccuracy: ReportedEstimate?
  /// The same by category.
  public var categories: [CategoryAccuracy]
  /// Whether the difference could be chance; nil without known answers.
  public var pairedTest: PairedTest?
  /// Answers that changed, those that became wrong first.
  public var changed: [ChangedAnswer]

  /// Collects the fields.
  public init(
    questionCount: Int, changedCount: Int, referenceAccuracy: ReportedEstimate? = nil,
    candidateAccuracy: ReportedEstimate? = nil, categories: [CategoryAccuracy] = [], pairedTest: PairedTest? = nil,
    changed: [ChangedAnswer] = []
  ) {
    self.questionCount = questionCount
    self.changedCount = changedCount
    self.referenceAccuracy = referenceAccuracy
    self.candidateAccuracy = candidateAccuracy
    self.categories = categories
    self.pairedTest = pairedTest
    self.changed = changed
  }
}
