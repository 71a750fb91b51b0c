import QuestionSets
import Testing

/// Letters in the forms that models give them, beside the rule of the published judges.
@Suite struct LenientChoiceTests {
  private static let options = ["red", "blue", "green", "black"]

  @Test(arguments: [
    "B", "(B)", "B.", "b", "B: blue", "Answer: B", "The answer is B.", "The correct answer is **B**", "**B**",
    "$\\boxed{B}$", "\\boxed{\\text{B}}", "Option B", "option (B)", "blue", "Blue.", "the blue one", "B is correct",
    "[B]", "Ｂ",
    "（B）", "Answer：B", "答案是B", "ANSWER: A ... actually, ANSWER: B", "(A) is wrong. The answer is (B)", "B blue",
    "B\nblue", "`B`", "B (blue)", "<B>", "Answer is (B) blue", "It is option B.", "A photo of something blue",
    "B, blue",
    "B;", "B-blue", "Let me think. A bird is red.\n\nB", "The answer is not A. It is option B.", "I choose (b)",
    "\"B\"", "Final answer: B because it is blue, not red",
  ])
  func isReadAsB(answer: String) {
    #expect(LenientChoice.letter(in: answer, options: Self.options) == "B", "\(answer)")
  }

  @Test(arguments: [
    "", "AB", "ANSWER: AB", "red or blue", "A photo", "I am not sure", "(A) or (B)", "E", "A bluebird", "Because", "!?",
  ])
  func isNoLetter(answer: String) {
    #expect(LenientChoice.letter(in: answer, options: Self.options) == nil, "\(answer)")
  }

  @Test func theLastStatementWins() {
    #expect(LenientChoice.letter(in: "Answer: A. No, the answer is C.", options: Self.options) == "C")
    #expect(LenientChoice.letter(in: "D\n\nWait: the answer is A", options: Self.options) == "A")
  }

  @Test func anOptionInsideOfAnotherDoesNotCount() {
    let options = ["a red car", "a car", "a dog"]
    #expect(LenientChoice.letter(in: "It is a red car in front of a house", options: options) == "A")
    #expect(LenientChoice.letter(in: "a car and a dog", options: options) == nil)
  }

  @Test func longAnswersTakeNoTime() {
    let answer = String(repeating: "A b (C) ", count: 500_000) + "\nanswer: D"
    #expect(LenientChoice.letter(in: answer, options: Self.options) == "D")
  }

  @Test func bothReadingsAreJudged() {
    let question = Question(
      identifier: "1", text: "Which?", answers: ["B"], kind: .choice, options: Self.options)
    let judged = AnswerJudge.judge(question, answer: "**B**")
    #expect(judged?.score == 0 && judged?.lenientScore == 1 && judged?.understood == "")
    #expect(AnswerJudge.judge(question, answer: "(A)")?.lenientScore == 0)
    let short = Question(identifier: "2", text: "What?", answers: ["red"], kind: .short)
    #expect(AnswerJudge.judge(short, answer: "Red")?.lenientScore == 1)
  }

  @Test(arguments: [
    ("", ["A"], 0.0), ("a", ["the"], 0), ("?", ["the"], 0), ("", ["?"], 0), ("?", ["?"], 1), (" the ", ["the"], 1),
    ("the", ["The"], 0), ("the red", ["red"], 1),
  ])
  func anAnswerOfNothingIsRightOnlyAsItIs(answer: String, right: [String], score: Double) {
    #expect(ShortAnswer.score(answer, references: right) == score)
    let ten = Array(repeating: right[0], count: 10)
    #expect(ShortAnswer.score(answer, references: ten) == score)
  }
}
