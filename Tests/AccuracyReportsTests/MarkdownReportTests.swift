import AccuracyReports
import FusionCore
import Testing

struct MarkdownReportTests {
  @Test(arguments: [
    SampleReport.full(), SampleReport.full(hostile: true), SampleReport.minimal(), SampleReport.empty(),
  ])
  func everyRowOfATableHasTheSameColumns(report: DiffReport) {
    var columns: Int?
    var rowCount = 0
    for line in MarkdownReport(report).text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      rowCount += 1
      let count = line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" }
      if let columns { #expect(count == columns, "\(line)") }
      columns = columns ?? count
    }
    #expect(rowCount > 5)
  }

  @Test func hostileTextIsNoMarkup() {
    let text = MarkdownReport(SampleReport.full(hostile: true)).text
    #expect(!text.contains("<"))
    #expect(text.contains("&lt;script&gt;"))
    #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.isUnsafeInNames })
    #expect(text.contains("\\|\\*\\_"))
  }

  @Test func namesWithBackquotesStayCode() {
    var report = SampleReport.full()
    report.firstBad = FirstBadPoint(point: "a`` b", kind: .nan, sentence: "wrong", tensors: ["x`y"])
    let text = MarkdownReport(report).text
    #expect(text.contains("First bad point: ``` a`` b ```"))
    #expect(text.contains("`` x`y ``"))
  }

  @Test(arguments: [
    "# Accuracy of a candidate against its reference", "**Verdict: Good (images: good; text: good).**",
    "| failed | kld.mean | 0.0375 | 0.02 |", "| mean divergence | 0.0375 \\[0.0323, 0.0431\\] |",
    "First bad point: `decoder.hidden.3`", "15 of 83 are unchanged",
    "| synth-0 | SynthColor | images/0.png |", "3 more are not listed here.", "```\n{\n  \"layers.3.mlp.down.weight\"",
    "`fusion-convert convert REFERENCE OUTPUT --plan FILE`",
  ])
  func aPartIsThere(part: String) { #expect(MarkdownReport(SampleReport.full()).text.contains(part)) }

  @Test func aLinkIsNotMadeOfText() {
    var report = SampleReport.full()
    report.machine = "see https://example.org/?a=[b](c)"
    let text = MarkdownReport(report).text
    #expect(!text.contains("https://"))
    #expect(text.contains("\\[b\\](c)"))
  }
}
