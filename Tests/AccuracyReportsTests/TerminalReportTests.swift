import AccuracyReports
import Foundation
import FusionCore
import Testing

struct TerminalReportTests {
  private static let reports = [
    SampleReport.full(), SampleReport.full(hostile: true), SampleReport.full(layers: 80, visionLayers: 40, changed: 50),
    SampleReport.minimal(), SampleReport.empty(), SampleReport.wide(),
  ]

  @Test(arguments: reports, [60, 80, 100, 240])
  func noLineIsWiderThanTheTerminal(report: DiffReport, width: Int) {
    let text = TerminalReport(report, width: width).text
    for line in text.split(separator: "\n") {
      #expect(String(line).columnCount <= min(width, 100), "\(line)")
      #expect(line.last != " ", "\(line)")
    }
  }

  @Test(arguments: reports) func colourChangesNothingElse(report: DiffReport) {
    let plain = TerminalReport(report).text
    #expect(!plain.contains("\u{1B}"))
    let colored = TerminalReport(report, color: true).text
    #expect(colored.contains("\u{1B}[1m"))
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test(arguments: reports) func nothingFromFilesDrivesTheTerminal(report: DiffReport) {
    let text = TerminalReport(report).text
    #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.isUnsafeInProse })
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
  }

  @Test func theMostImportantComesFirst() throws {
    let text = TerminalReport(SampleReport.full()).text
    let headings = [
      "VERDICT  Good  (images: good; text: good)", "GATE (preset normal)  failed", "PREDICTIONS",
      "DIVERGENCE BY POSITION",
      "WHERE THE ERROR ENTERS", "WORST TENSORS", "SEMANTIC MAPPING", "ANSWERS", "SENSITIVITY", "SIZE AND SPEED",
      "WHAT TO DO NEXT",
    ]
    let places = try headings.map { try #require(text.range(of: "\n" + $0), "\($0)").lowerBound }
    #expect(places == places.sorted())
  }

  @Test(arguments: [
    "0.0375 [0.0323, 0.0431]", "94.3 % [92.8, 95.5]", "1.025 [1.013, 1.037]", "first bad point: decoder.hidden.3",
    "layers.3.mlp.down.weight", "p = 0.34", "blue (became wrong)", "2.75 MB", "0.286×", "31.0 ms", "1.78×",
    "9 of 200 changed", "generated, seed 7", "15 of 83 are unchanged", "83 s",
  ])
  func aFigureIsThere(figure: String) { #expect(TerminalReport(SampleReport.full()).text.contains(figure)) }

  @Test func theWorstTensorIsNamedFirst() throws {
    var report = SampleReport.full()
    report.tensors[0].relativeError = .nan
    let lines = TerminalReport(report).text.split(separator: "\n")
    let heading = try #require(lines.firstIndex { $0.hasPrefix("WORST TENSORS") })
    #expect(lines[heading + 2].contains(report.tensors[0].name))
    #expect(lines[heading + 2].contains("NaN"))
  }

  @Test func whatIsNotThereIsNotMentioned() {
    let text = TerminalReport(SampleReport.empty()).text
    for word in ["GATE", "TENSORS", "ANSWERS", "SENSITIVITY", "MAPPING", "ENTERS"] { #expect(!text.contains(word)) }
    #expect(text.contains("VERDICT  Not measured"))
  }

  private static let pieces: [(VerdictGrade, String)] = [
    (VerdictGrade.identical, "Nothing has to be done"), (.nearLossless, "near-lossless"), (.broken, "verify"),
    (.degraded, "--plan"), (.unmeasured, "Compare the predictions"),
  ]

  @Test(arguments: pieces)
  func theAdviceFollowsTheVerdict(grade: VerdictGrade, words: String) {
    var report = SampleReport.full()
    report.gate = nil
    report.verdict = Verdict(grade: grade, sentence: "It is so.")
    #expect(TerminalReport(report).text.contains(words))
  }
}
