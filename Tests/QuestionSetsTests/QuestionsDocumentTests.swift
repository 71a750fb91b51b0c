import Foundation
import QuestionSets
import TestSupport
import Testing

/// formats/questions.md says what the code does.
@Suite struct QuestionsDocumentTests {
  private let document: FormatDocument

  init() throws { document = try FormatDocument("questions.md") }

  @Test func limits() throws {
    let stated = Dictionary(
      try document.rows(under: "### Limits").map { ($0[0], Int($0[1])) }, uniquingKeysWith: { first, _ in first })
    #expect(
      stated == [
        "bytes of a line, or of a field of a table": QuestionLimits.lineByteCount,
        "bytes of a picture in base64": QuestionLimits.pictureByteCount, "questions": QuestionLimits.questionCount,
        "answers or options of a question": QuestionLimits.listCount,
        "bytes of an identifier, category or picture path": QuestionLimits.nameByteCount,
        "columns of a table": QuestionLimits.columnCount, "levels of JSON": QuestionLimits.nestingDepth,
      ])
  }

  @Test func forms() throws {
    #expect(Set(try document.names(under: "### Forms")) == Set(QuestionFormat.allCases.map(\.rawValue)))
  }

  @Test func kindsThatAreJudged() throws {
    #expect(Set(try document.names(under: "### Judging") + ["long"]) == Set(QuestionKind.allCases.map(\.rawValue)))
  }
}
