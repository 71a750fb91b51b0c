import QuestionSets
import Testing

@Suite struct AnswerJudgeTests {
  @Test func eachKindByItsRule() {
    let yesNo = Question(identifier: "1", text: "?", answers: ["No"], kind: .yesNo)
    #expect(AnswerJudge.judge(yesNo, answer: "no.") == Judgement(score: 1, understood: "no"))
    #expect(AnswerJudge.judge(yesNo, answer: "perhaps") == Judgement(score: 0, understood: ""))
    let choice = Question(identifier: "2", text: "?", answers: ["blue"], kind: .choice, options: ["red", "blue"])
    #expect(AnswerJudge.judge(choice, answer: "(B)") == Judgement(score: 1, understood: "B"))
    #expect(AnswerJudge.judge(choice, answer: "A") == Judgement(score: 0, understood: "A"))
    let short = Question(identifier: "3", text: "?", answers: ["two dogs"], kind: .short)
    #expect(AnswerJudge.judge(short, answer: "The 2 dogs.") == Judgement(score: 1, understood: "2 dogs"))
    #expect(AnswerJudge.judge(short, answer: "dogs")?.isRight == false)
  }

  @Test func whatIsNotJudged() {
    let long = Question(identifier: "1", text: "?", answers: ["x"], kind: .long)
    let none = Question(identifier: "2", text: "?", answers: [], kind: .yesNo)
    for question in [long, none] {
      #expect(AnswerJudge.judge(question, answer: "x") == nil)
      #expect(AnswerJudge.expected(question) == nil)
      #expect(!question.isScored)
    }
  }

  @Test func theRightAnswerInTheFormOfAnswers() {
    func expected(_ answers: [String], _ kind: QuestionKind, options: [String] = []) -> String? {
      AnswerJudge.expected(Question(identifier: "1", text: "?", answers: answers, kind: kind, options: options))
    }
    #expect(expected(["Yes"], .yesNo) == "yes")
    #expect(expected(["(b)"], .choice) == "B")
    #expect(expected(["blue"], .choice, options: ["red", "blue"]) == "B")
    #expect(expected(["The two."], .short) == "2")
    #expect(expected(["a b", "c", "c", "d", "d", "e", "f", "g", "h", "i"], .short) == "c")
  }

  @Test func rightByHalf() {
    #expect(Judgement(score: 0.5, understood: "x").isRight)
    #expect(!Judgement(score: 0.3, understood: "x").isRight)
  }
}
