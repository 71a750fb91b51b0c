import Foundation
import QuestionSets
import TestSupport
import Testing

/// formats/questions.md says what the code does.
@Suite struct QuestionsDocumentTests {
  /// Rows of the tables of a section, cells without their quotes.
  private func rows(_ heading: String) throws -> [[String]] {
    let text = try String(contentsOfFile: "\(Fixtures.repository)/formats/questions.md", encoding: .utf8)
    let start = try #require(text.range(of: "\n### \(heading)\n")).upperBound
    let section = text[start...].prefix(upTo: text[start...].range(of: "\n### ")?.lowerBound ?? text.endIndex)
    return section.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst().map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: " `")) }
    }
  }

  @Test func limits() throws {
    let stated = Dictionary(try rows("Limits").map { ($0[0], Int($0[1])) }, uniquingKeysWith: { first, _ in first })
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
    #expect(Set(try rows("Forms").map { $0[0] }) == Set(QuestionFormat.allCases.map(\.rawValue)))
  }

  @Test func kindsThatAreJudged() throws {
    #expect(Set(try rows("Judging").map { $0[0] } + ["long"]) == Set(QuestionKind.allCases.map(\.rawValue)))
  }
}
