import ConversionPipeline
import Foundation
import TestSupport
import Testing

/// The tables of `formats/advice.md` against a report.
@Suite struct AdviceDocumentTests {
  private func fields(under heading: String) throws -> Set<String> {
    let document = try String(contentsOfFile: "\(Fixtures.repository)/formats/advice.md", encoding: .utf8)
    let lines = document.components(separatedBy: "\n")
    let start = try #require(lines.firstIndex(of: "### \(heading)"), "no heading \(heading)")
    let table = lines[start...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }.dropFirst(2)
    return Set(
      table.compactMap { $0.split(separator: "|").first?.trimmingCharacters(in: .whitespaces).replacing("`", with: "") }
    )
  }

  @Test func theReportHasTheDocumentedFields() throws {
    let folder = try TemporaryFolder()
    let report = try Advice.report(
      Fixtures.path("fusion-phi-tiny"), [try AdviceCandidate("int4-g32")], output: folder.file("m.fusion"),
      data: try folder.write("q.jsonl", text: #"{"question_id": 1, "text": "Why?"}"#))
    let value = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
    let object = try #require(value as? [String: Any])
    #expect(Set(object.keys) == (try fields(under: "JSON of convert --compare")))
    #expect(object["schema"] as? String == "fusion-convert.advice/1")
    let row = try #require((object["rows"] as? [[String: Any]])?.first)
    #expect(Set(row.keys) == (try fields(under: "Rows")))
    #expect(Set(try #require(object["advice"] as? [String: Any]).keys) == (try fields(under: "Advice")))
  }

  @Test func theFactorIsTheDocumentedOne() throws {
    let report = try Advice.report(Fixtures.path("fusion-phi-tiny"), [try AdviceCandidate("int4-g32")])
    let row = try #require(report.rows.first)
    let document = try String(contentsOfFile: "\(Fixtures.repository)/formats/advice.md", encoding: .utf8)
    let factor = (row.predictedDivergence / row.relativeOutputError * 1000).rounded() / 1000
    #expect(document.contains("predicted divergence = \(Int(factor)) e"), "\(factor)")
  }
}
