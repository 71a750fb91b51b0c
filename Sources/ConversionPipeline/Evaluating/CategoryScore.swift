import AccuracyMetrics
import QuestionSets

/// How well the questions of a category were answered, and how well without looking.
public struct CategoryScore: Sendable, Hashable, Encodable {
  /// The category; empty for all questions together, or for those without one.
  public let name: String
  /// Questions of the category.
  public let questionCount: Int
  /// Those of them that have a right answer to be judged by.
  public let scoredCount: Int
  /// Answers that are right, or right by half at least.
  public let rightCount: Int
  /// Answers in which nothing was found that could be right: neither yes nor no, no letter, no word.
  public let unreadableCount: Int
  /// Mean score, 0 to 1; `nil` if nothing is judged.
  public let accuracy: Double?
  /// Mean score where letters are looked for in many forms, 0 to 1; `nil` if no choice is judged.
  public let lenientAccuracy: Double?
  /// Lower end of the Wilson interval of the accuracy at 95 %; `nil` if nothing is judged.
  public let lower: Double?
  /// Its upper end.
  public let upper: Double?
  /// Accuracy of giving always the most frequent right answer; `nil` if nothing is judged.
  public let baseline: Double?
  /// That answer.
  public let baselineAnswer: String?
  /// Precision and the like, if all judged questions are yes/no.
  public let yesNo: YesNoScore?
  /// Groups that questions belong to which count together, and those all of whose answers are right; `nil` without any.
  public let groupCount: Int?
  /// See ``groupCount``.
  public let rightGroupCount: Int?

  /// Share of groups all of whose answers are right, 0 to 1: what MME calls accuracy+, and MMVP its accuracy.
  public var groupAccuracy: Double? {
    guard let groupCount, let rightGroupCount else { return nil }
    return Double(rightGroupCount) / Double(groupCount)
  }

  init(name: String, _ answered: [AnsweredQuestion]) {
    self.name = name
    questionCount = answered.count
    let scored = answered.compactMap { entry in entry.judgement.map { (question: entry.question, judgement: $0) } }
    scoredCount = scored.count
    rightCount = scored.count { $0.judgement.isRight }
    unreadableCount = scored.count { $0.judgement.understood.isEmpty }
    let sum = scored.reduce(0) { $0 + $1.judgement.score }
    accuracy = scored.isEmpty ? nil : sum / Double(scored.count)
    let hasChoices = scored.contains { $0.question.kind == .choice }
    lenientAccuracy =
      hasChoices ? scored.reduce(0) { $0 + $1.judgement.lenientScore } / Double(scored.count) : nil
    let interval =
      scored.isEmpty ? nil : WilsonInterval.value(scoreSum: min(sum, Double(scored.count)), trials: scored.count)
    lower = interval?.lower
    upper = interval?.upper
    (baselineAnswer, baseline) = Self.baseline(scored.map(\.question))
    yesNo = !scored.isEmpty && scored.allSatisfy { $0.question.kind == .yesNo } ? YesNoScore(scored) : nil
    let groups = Dictionary(grouping: scored.filter { $0.question.group != nil }) {
      [$0.question.category, $0.question.group ?? ""]
    }
    groupCount = groups.isEmpty ? nil : groups.count
    rightGroupCount = groups.isEmpty ? nil : groups.values.count { $0.allSatisfy(\.judgement.isRight) }
  }

  /// The most frequent right answer, of equally frequent ones the first in the alphabet, and what it would score.
  private static func baseline(_ questions: [Question]) -> (answer: String?, accuracy: Double?) {
    var counts: [String: Int] = [:]
    for question in questions {
      if let expected = AnswerJudge.expected(question) { counts[expected, default: 0] += 1 }
    }
    guard let answer = counts.min(by: { ($1.value, $0.key) < ($0.value, $1.key) })?.key else { return (nil, nil) }
    let sum = questions.reduce(0) { $0 + (AnswerJudge.judge($1, answer: answer)?.score ?? 0) }
    return (answer, sum / Double(questions.count))
  }
}
