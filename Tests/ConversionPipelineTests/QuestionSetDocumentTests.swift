import ConversionPipeline
import Foundation
import TestSupport
import Testing

/// That the tables of formats/questions.md have the fields of the files, and no others.
@Suite struct QuestionSetDocumentTests {
  /// First columns of the first table below a heading: all names in code style.
  private func fields(under heading: String) throws -> Set<String> {
    let document = try String(contentsOfFile: "\(Fixtures.repository)/formats/questions.md", encoding: .utf8)
    let lines = document.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: heading))
    let table = lines[start...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.dropFirst(2)
    var names: Set<String> = []
    for row in table {
      let cell = try #require(row.split(separator: "|").first)
      // Every second part is between backquotes.
      for (index, part) in cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      where index % 2 == 1 {
        names.insert(String(part))
      }
    }
    return names
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
