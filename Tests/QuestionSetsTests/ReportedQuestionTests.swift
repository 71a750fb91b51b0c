import Foundation
import QuestionSets
import TestSupport
import Testing

/// Question files that people reported to other evaluators, with the answers that were judged wrongly.
@Suite struct ReportedQuestionTests {
  private static func answers(_ path: String) throws -> [String] {
    let lines = try String(contentsOfFile: Fixtures.path("reports/\(path)"), encoding: .utf8).split(separator: "\n")
    return try lines.dropFirst().map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["answer"] as? String)
    }
  }

  private static func questions(_ path: String) throws -> [Question] {
    try QuestionSet(path: Fixtures.path("reports/\(path)")).questions
  }

  /// 35 forms of an answer to questions where B is right, one of which names two letters.
  @Test func aLetterInAnyFormIsReadByTheLenientRule() throws {
    let questions = try Self.questions("43-choice-wrapped-letter/q.jsonl")
    let answers = try Self.answers("43-choice-wrapped-letter/edit.jsonl")
    #expect(questions.count == 35 && answers.count == 35)
    for (question, answer) in zip(questions, answers) {
      let expected = answer == "ANSWER: AB" ? 0.0 : 1
      #expect(AnswerJudge.judge(question, answer: answer)?.lenientScore == expected, "\(answer)")
    }
  }

  @Test func nothingIsNoRightAnswer() throws {
    for question in try Self.questions("44-empty-answer-is-right/q.jsonl") {
      for answer in ["", " ", "."] {
        #expect(AnswerJudge.judge(question, answer: answer)?.score == 0, "\(question.answers)")
      }
      #expect(AnswerJudge.judge(question, answer: question.answers[0])?.score == 1, "\(question.answers)")
    }
  }

  @Test func aNumberBesideChoicesIsAnIndex() throws {
    let questions = try Self.questions("48-answer-as-index/q.jsonl")
    for (question, letter) in zip(questions, ["B", "B", "A"]) {
      #expect(AnswerJudge.judge(question, answer: letter)?.score == 1, "\(question)")
      #expect(AnswerJudge.judge(question, answer: "1")?.score == 0)
    }
  }
}
