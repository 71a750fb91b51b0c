/// A question that the two models answer in different words.
public struct ChangedAnswer: Codable, Sendable, Equatable {
  /// The question's own id.
  public var id: String
  /// The question's category.
  public var category: String
  /// What was asked.
  public var question: String
  /// What is right; nil if the question file does not say.
  public var rightAnswer: String?
  /// What the reference said.
  public var referenceAnswer: String
  /// What the candidate said.
  public var candidateAnswer: String
  /// Which of the two is right.
  public var correct: CorrectSide
  /// The picture; nil for a question of text alone.
  public var image: AnswerImage?

  /// Collects the fields.
  public init(
    id: String, category: String, question: String, rightAnswer: String? = nil, referenceAnswer: String,
    candidateAnswer: String, correct: CorrectSide, image: AnswerImage? = nil
  ) {
    self.id = id
    self.category = category
    self.question = question
    self.rightAnswer = rightAnswer
    self.referenceAnswer = referenceAnswer
    self.candidateAnswer = candidateAnswer
    self.correct = correct
    self.image = image
  }
}
