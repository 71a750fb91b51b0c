/// Task accuracy of both models on one category of questions.
public struct CategoryAccuracy: Codable, Sendable, Equatable {
  /// Name of the category.
  public var category: String
  /// How many questions it has.
  public var questionCount: Int
  /// Share that the reference has right, 0 to 1.
  public var reference: ReportedEstimate
  /// Share that the candidate has right, 0 to 1.
  public var candidate: ReportedEstimate
  /// Share that is right when the commonest answer is always given, 0 to 1; nil if not known.
  public var majorityGuess: Double?

  /// Collects the fields.
  public init(
    category: String, questionCount: Int, reference: ReportedEstimate, candidate: ReportedEstimate,
    majorityGuess: Double? = nil
  ) {
    self.category = category
    self.questionCount = questionCount
    self.reference = reference
    self.candidate = candidate
    self.majorityGuess = majorityGuess
  }
}
