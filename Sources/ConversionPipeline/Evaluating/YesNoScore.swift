import QuestionSets

/// The measures of POPE, with yes as the positive answer; an answer that says neither is no positive one, and wrong.
public struct YesNoScore: Sendable, Hashable, Encodable {
  /// Share of right ones among the answers that say yes; `nil` if none does.
  public let precision: Double?
  /// Share of answers that say yes among the questions whose right answer that is; `nil` if there is no such question.
  public let recall: Double?
  /// Harmonic mean of precision and recall, 2 t / (2 t + p + n) with t true positives, p false ones and n false
  /// negatives; `nil` if all of these are 0.
  public let f1: Double?
  /// Share of answers that say yes.
  public let yesRatio: Double

  init(_ scored: [(question: Question, judgement: Judgement)]) {
    let positive = scored.filter { $0.judgement.understood == "yes" }
    let wanted = scored.filter { AnswerJudge.expected($0.question) == "yes" }
    let truePositiveCount = positive.count { $0.judgement.isRight }
    func share(_ count: Int, _ total: Int) -> Double? { total == 0 ? nil : Double(count) / Double(total) }
    precision = share(truePositiveCount, positive.count)
    recall = share(truePositiveCount, wanted.count)
    f1 = share(2 * truePositiveCount, positive.count + wanted.count)
    yesRatio = Double(positive.count) / Double(scored.count)
  }
}
