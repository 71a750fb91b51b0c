import ConversionPipeline
import Foundation
import TestSupport
import Testing

/// The tables of `formats/journal.md` against the code and a file.
@Suite struct JournalDocumentTests {
  private func rows(under heading: String) throws -> [[String]] {
    let document = try String(contentsOfFile: "\(Fixtures.repository)/formats/journal.md", encoding: .utf8)
    let lines = document.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: "### \(heading)"), "no heading \(heading)")
    let table = lines[start...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.dropFirst(2)
    return table.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "") }
    }
  }

  @Test func namesAreTheDocumentedOnes() throws {
    #expect(try rows(under: "First line").map(\.first) == JournalSchema.HeaderField.allCases.map(\.rawValue))
    #expect(try rows(under: "Further lines").map(\.first) == JournalSchema.LineField.allCases.map(\.rawValue))
    #expect(try rows(under: "Statistics").map(\.first) == JournalSchema.StatisticsField.allCases.map(\.rawValue))
    #expect(try rows(under: "Chunk").map(\.first) == JournalSchema.ChunkField.allCases.map(\.rawValue))
    #expect(try rows(under: "First line")[0].last == JournalSchema.name)
    let document = try String(contentsOfFile: "\(Fixtures.repository)/formats/journal.md", encoding: .utf8)
    #expect(document.contains("`O\(JournalSchema.partialSuffix)`"))
    #expect(document.contains("`O\(JournalSchema.journalSuffix)`"))
    #expect(document.contains("at most \(JournalSchema.largestByteCount >> 20) MiB"))
  }

  /// The order of the fields, read without the code.
  private func fields(_ text: Substring) -> [String] {
    text.matches(of: /[{,]"([A-Za-z]+)":/).map { String($0.1) }
  }

  @Test func aFileHasTheDocumentedFields() throws {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    let remains = try #require(try conversion.remains(count: 2).last)
    let header = try #require(try JSONSerialization.jsonObject(with: remains.lines[0]) as? [String: String])
    let documented = try rows(under: "First line").map { $0[0] }
    #expect(Set(header.keys) == Set(documented))
    let names = try rows(under: "Further lines").map { $0[0] }
    let statistics = try rows(under: "Statistics").map { $0[0] }
    let ordered: [String] = Array(names[..<4]) + statistics + Array(names[4...])
    for line in remains.lines.dropFirst() {
      let text = String(decoding: line, as: UTF8.self)
      let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
      #expect(Set(object.keys) == Set(names))
      #expect(fields(text[...]) == ordered)
      let streams = try #require(object["streams"] as? [[[Any]]])
      for chunk in streams.joined() { #expect(chunk.count == JournalSchema.ChunkField.allCases.count) }
    }
  }
}
