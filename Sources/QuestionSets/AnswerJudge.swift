import FusionCore

/// Judges answers to questions, each kind by its own rule.
public enum AnswerJudge {
  /// What an answer is worth; `nil` if the question states no answer, or is of the kind that is not judged.
  ///
  /// - Parameter answer: the words of a model or a person, as they are.
  public static func judge(_ question: Question, answer: String) -> Judgement? {
    guard question.isScored, let expected = question.answers.first else { return nil }
    switch question.kind {
    case .yesNo:
      let given = YesNoAnswer.value(in: answer)
      return Judgement(
        score: given != nil && given == YesNoAnswer.value(in: expected) ? 1 : 0,
        understood: given.map { $0 ? "yes" : "no" } ?? "")
    case .choice:
      let given = ChoiceAnswer.letter(in: answer, options: question.options)
      let wanted = ChoiceAnswer.letter(in: expected, options: question.options)
      let lenient = LenientChoice.letter(in: answer, options: question.options)
      return Judgement(
        score: given != nil && given == wanted ? 1 : 0, lenientScore: lenient != nil && lenient == wanted ? 1 : 0,
        understood: given ?? "")
    case .short:
      return Judgement(
        score: ShortAnswer.score(answer, references: question.answers), understood: ShortAnswer.normalized(answer))
    case .long: return nil
    }
  }

  /// The right answer in the form of ``Judgement/understood``; of ten people's answers the most frequent one, of equally
  /// frequent ones the first in the alphabet. `nil` for a question that is not judged.
  public static func expected(_ question: Question) -> String? {
    guard question.isScored, let first = question.answers.first else { return nil }
    guard question.kind == .short, question.answers.count == ShortAnswer.annotatorCount else {
      return judge(question, answer: first)?.understood
    }
    var counts: [String: Int] = [:]
    for answer in question.answers { counts[ShortAnswer.normalized(answer), default: 0] += 1 }
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}
