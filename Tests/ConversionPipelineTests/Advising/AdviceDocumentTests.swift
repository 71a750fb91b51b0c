import ConversionPipeline
import Foundation
import TestSupport
import Testing

/// The tables of `formats/advice.md` against a report.
@Suite struct AdviceDocumentTests {
  private let document: FormatDocument

  init() throws { document = try FormatDocument("advice.md") }

  @Test func theReportHasTheDocumentedFields() throws {
    let folder = try TemporaryFolder()
    let report = try Advice.report(
      Fixtures.path("fusion-phi-tiny"), [try AdviceCandidate("int4-g32")], output: folder.file("m.fusion"),
      data: try folder.write("q.jsonl", text: #"{"question_id": 1, "text": "Why?"}"#))
    let value = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
    let object = try #require(value as? [String: Any])
    #expect(Set(object.keys) == Set(try document.names(under: "### JSON of convert --compare")))
    #expect(object["schema"] as? String == "fusion-convert.advice/1")
    #expect(Set(try #require(object["probe"] as? [String: Any]).keys) == Set(try document.names(under: "### Probe")))
    let row = try #require((object["rows"] as? [[String: Any]])?.first)
    #expect(Set(row.keys) == Set(try document.names(under: "### Rows")))
    #expect(Set(try #require(object["advice"] as? [String: Any]).keys) == Set(try document.names(under: "### Advice")))
  }

  @Test func theFactorIsTheDocumentedOne() throws {
    let report = try Advice.report(Fixtures.path("fusion-phi-tiny"), [try AdviceCandidate("int4-g32")])
    let row = try #require(report.rows.first)
    let factor = (row.predictedDivergence / row.relativeOutputError * 1000).rounded() / 1000
    #expect(document.text.contains("predicted divergence = \(Int(factor)) e"), "\(factor)")
  }
}
