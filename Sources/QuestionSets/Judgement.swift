/// What an answer is worth.
public struct Judgement: Sendable, Hashable {
  /// 0 (wrong) to 1 (right); between them only for the soft score of VQA.
  public let score: Double
  /// The score by a lenient reading of the answer; differs from ``score`` for choices only.
  public let lenientScore: Double
  /// What was read out of the answer: `yes`, `no`, a letter, or the words that were compared; empty if nothing.
  public let understood: String
  /// Whether the answer counts as right where there is only right and wrong: a score of at least one half.
  public var isRight: Bool { score >= 0.5 }

  /// Collects the fields.
  public init(score: Double, lenientScore: Double? = nil, understood: String) {
    self.score = score
    self.lenientScore = lenientScore ?? score
    self.understood = understood
  }
}
