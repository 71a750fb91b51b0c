import QuestionSets

enum AnswerJudge {
  static func isRight(_ question: Question, _ answer: String) -> Bool {
    question.answers.contains { $0.lowercased() == answer.lowercased() }
  }
}
