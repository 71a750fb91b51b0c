import AccuracyMetrics
import AccuracyReports
import QuestionSets

/// Who had which questions right.
struct AnswerTally {
  private struct Count {
    var total = 0
    var reference = 0
    var candidate = 0
    var rightAnswers: [String: Int] = [:]
  }

  private var all = Count()
  private var byCategory: [String: Count] = [:]
  private var onlyReference = 0
  private var onlyCandidate = 0

  /// Adds a question.
  mutating func add(_ question: Question, _ right: (reference: Bool, candidate: Bool)) {
    func count(_ count: inout Count) {
      count.total += 1
      count.reference += right.reference ? 1 : 0
      count.candidate += right.candidate ? 1 : 0
      count.rightAnswers[question.answers.first ?? "", default: 0] += 1
    }
    count(&all)
    count(&byCategory[question.category, default: Count()])
    if right.reference && !right.candidate { onlyReference += 1 }
    if right.candidate && !right.reference { onlyCandidate += 1 }
  }

  /// Shares of right answers, with Wilson intervals.
  var accuracy: (reference: ReportedEstimate?, candidate: ReportedEstimate?) {
    guard all.total > 0 else { return (nil, nil) }
    return (Self.estimate(all.reference, all.total), Self.estimate(all.candidate, all.total))
  }

  /// The same by category, in the order of their names.
  var categories: [CategoryAccuracy] {
    byCategory.sorted { $0.key < $1.key }.map { name, count in
      CategoryAccuracy(
        category: name, questionCount: count.total, reference: Self.estimate(count.reference, count.total),
        candidate: Self.estimate(count.candidate, count.total),
        majorityGuess: Double(count.rightAnswers.values.max() ?? 0) / Double(count.total))
    }
  }

  /// McNemar's test.
  var pairedTest: PairedTest? {
    guard all.total > 0 else { return nil }
    return PairedTest(
      referenceOnlyCount: onlyReference, candidateOnlyCount: onlyCandidate,
      pValue: McNemarTest(b: onlyReference, c: onlyCandidate).pValue)
  }

  private static func estimate(_ successes: Int, _ trials: Int) -> ReportedEstimate {
    ReportedEstimate(
      Double(successes) / Double(trials), WilsonInterval.value(successes: successes, trials: trials))
  }
}
