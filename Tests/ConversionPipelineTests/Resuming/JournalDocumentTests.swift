import ConversionPipeline
import Foundation
import TestSupport
import Testing

/// The tables of `formats/journal.md` against the code and a file.
@Suite struct JournalDocumentTests {
  private let document: FormatDocument

  init() throws { document = try FormatDocument("journal.md") }

  @Test func namesAreTheDocumentedOnes() throws {
    #expect(try document.names(under: "### First line") == JournalSchema.HeaderField.allCases.map(\.rawValue))
    #expect(try document.names(under: "### Further lines") == JournalSchema.LineField.allCases.map(\.rawValue))
    #expect(try document.names(under: "### Statistics") == JournalSchema.StatisticsField.allCases.map(\.rawValue))
    #expect(try document.names(under: "### Chunk") == JournalSchema.ChunkField.allCases.map(\.rawValue))
    #expect(try document.rows(under: "### First line")[0].last == JournalSchema.name)
    #expect(document.text.contains("`O\(JournalSchema.partialSuffix)`"))
    #expect(document.text.contains("`O\(JournalSchema.journalSuffix)`"))
    #expect(document.text.contains("at most \(JournalSchema.largestByteCount >> 20) MiB"))
  }

  /// The order of the fields, read without the code.
  private func fields(_ text: Substring) -> [String] {
    text.matches(of: /[{,]"([A-Za-z]+)":/).map { String($0.1) }
  }

  @Test func aFileHasTheDocumentedFields() throws {
    let conversion = try ResumedConversion(try Pipeline.recipe("int4"))
    let remains = try #require(try conversion.remains(count: 2).last)
    let header = try #require(try JSONSerialization.jsonObject(with: remains.lines[0]) as? [String: String])
    let documented = try document.names(under: "### First line")
    #expect(Set(header.keys) == Set(documented))
    let names = try document.names(under: "### Further lines")
    let statistics = try document.names(under: "### Statistics")
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
