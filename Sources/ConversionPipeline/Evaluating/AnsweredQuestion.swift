import QuestionSets

/// A question, an answer and what it is worth.
struct AnsweredQuestion {
  let question: Question
  let judgement: Judgement?

  init(_ question: Question, _ answer: String) {
    self.question = question
    judgement = AnswerJudge.judge(question, answer: answer)
  }
}
