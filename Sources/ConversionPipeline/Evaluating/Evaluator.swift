import QuestionSets

/// Judges answers without running a model, for whoever has them already.
public enum Evaluator {
  /// The accuracy of answers to questions: one row for each category, in alphabetical order, and one for all together.
  ///
  /// - Precondition: as many answers as questions.
  public static func scores(
    _ questions: [Question], answers: [String]
  ) -> (overall: CategoryScore, categories: [CategoryScore]) {
    precondition(questions.count == answers.count, "\(answers.count) answers to \(questions.count) questions")
    let answered = zip(questions, answers).map { AnsweredQuestion($0, $1) }
    let categories = Dictionary(grouping: answered, by: \.question.category)
    return (
      CategoryScore(name: "", answered), categories.keys.sorted().map { CategoryScore(name: $0, categories[$0] ?? []) }
    )
  }
}
