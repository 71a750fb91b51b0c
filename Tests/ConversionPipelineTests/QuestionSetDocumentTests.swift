import ConversionPipeline
import Foundation
import TestSupport
import Testing

/// That the tables of formats/questions.md have the fields of the files, and no others.
@Suite struct QuestionSetDocumentTests {
  /// First cells of the table below a heading, where one may name several fields.
  private func fields(under heading: String) throws -> Set<String> {
    Set(try FormatDocument("questions.md").names(under: heading).flatMap { $0.components(separatedBy: ", ") })
  }

  private func keys(_ path: String) throws -> Set<String> {
    let lines = try Pipeline.bytes(path).split(separator: 0x0A)
    return try lines.reduce(into: []) { keys, line in
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
      keys.formUnion(object.keys)
    }
  }

  @Test func fieldsAreTheDocumentedOnes() throws {
    let folder = try TemporaryFolder()
    _ = try QuestionSynthesizer(
      questionCount: 200, seed: 1, side: 64, execution: try Pipeline.execution()
    ).write(to: folder.file("set"), replacing: false)
    #expect(try keys(folder.file("set/questions.jsonl")) == fields(under: "### questions.jsonl"))
    #expect(try keys(folder.file("set/scenes.jsonl")) == fields(under: "### scenes.jsonl"))
    #expect(try keys(folder.file("set/conversations.jsonl")) == ["id", "image", "conversations"])
  }
}
