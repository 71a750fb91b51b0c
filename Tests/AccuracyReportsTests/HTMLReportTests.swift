import AccuracyReports
import Foundation
import FusionCore
import Testing

struct HTMLReportTests {
  private static let reports = [
    SampleReport.full(), SampleReport.full(hostile: true), SampleReport.minimal(), SampleReport.empty(),
    SampleReport.wide(),
  ]

  @Test(arguments: reports) func thePageStandsAlone(report: DiffReport) {
    let html = HTMLReport(report).text
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(
      html.contains(
        "http-equiv=\"Content-Security-Policy\" content=\"\(HTMLReport.policy.replacing("'", with: "&#39;"))\""))
    #expect(html.components(separatedBy: "<script").count == 2)
    #expect(html.components(separatedBy: "<style").count == 2)
    // Everything that could load something: sources of pictures are data, links lead into the page.
    for attribute in ["src", "href", "action", "srcset", "poster", "data"] {
      for part in html.components(separatedBy: " \(attribute)=\"").dropFirst() {
        #expect(part.hasPrefix("#") || part.hasPrefix("data:image/png;base64,"), "\(part.prefix(40))")
      }
    }
    #expect(!html.contains("url(") && !html.contains("@import"))
  }

  @Test(arguments: reports) func tagsAreBalanced(report: DiffReport) {
    var open: [Substring] = []
    let html = HTMLReport(report).text
    let body = html.replacing(/<style>.*?<\/style>|<script>.*?<\/script>/.dotMatchesNewlines(), with: "")
    for match in body.matches(of: /<(\/?)([a-z0-9]+)[^<>]*>/) {
      if ["meta", "img", "input", "wbr"].contains(match.2) { continue }
      if match.1.isEmpty {
        open.append(match.2)
      } else {
        #expect(open.popLast() == match.2)
      }
    }
    #expect(open.isEmpty)
  }

  @Test(arguments: reports) func noCoordinateIsMissing(report: DiffReport) {
    for match in HTMLReport(report).text.matches(
      of: /(points|x|y|x1|x2|y1|y2|cx|cy|r|width|height|transform)="([^"]*)"/)
    {
      #expect(!match.2.contains("nan") && !match.2.contains("inf"), "\(match.0)")
    }
  }

  @Test func hostileTextIsText() {
    let html = HTMLReport(SampleReport.full(hostile: true)).text
    #expect(!html.contains("<script>window.hacked"))
    #expect(!html.contains("<img src=x"))
    #expect(html.contains("&lt;script&gt;window.hacked=1&lt;/script&gt;&quot;&#39;&amp;amp;"))
    #expect(html.contains("\\u{1B}[31m\\u{202E}\\u{0}"))
    #expect(!html.unicodeScalars.contains { $0.isUnsafeInProse })
  }

  @Test(arguments: [
    "<table id=\"tensor-table\"", "<th scope=\"row\">layers.<wbr>3.<wbr>mlp.<wbr>down.<wbr>weight</th>",
    "data-sort=\"n\"",
    "<caption>Limits that were set</caption>", "aria-label=\"Relative error by layer, vision\"",
    "aria-label=\"Histogram of the divergence by position, in nats\"", "alt=\"images/0.png\"",
    "decoder.hidden.3: relative error 0.192", "prefers-color-scheme: dark", "@media print", "became wrong",
    "0.0001 to 0.00032 nats: 126 positions, with a picture",
  ])
  func aPartIsThere(part: String) {
    #expect(HTMLReport(SampleReport.full()).text.contains(part))
  }

  @Test func aJumpAndNaNAreMarkedInThePlot() {
    #expect(HTMLReport(SampleReport.full()).text.components(separatedBy: "class=\"flagged\"").count == 2)
    #expect(HTMLReport(SampleReport.minimal()).text.contains("<polygon"))
  }

  @Test func anExactCandidateHasNoScatter() {
    var report = SampleReport.full()
    for index in report.tensors.indices { report.tensors[index].isExact = true }
    let html = HTMLReport(report).text
    #expect(!html.contains("Size against error"))
    #expect(html.contains("83 of 83 are unchanged"))
  }

  @Test func aHistogramOfDifferentRangesIsThatOfAllPrompts() {
    var report = SampleReport.full()
    report.outputs.text?.histogram = ReportedHistogram(edges: [0, 1], counts: [334])
    #expect(HTMLReport(report).text.contains("positions, all prompts"))
    report.outputs.all?.histogram = ReportedHistogram(edges: [], counts: [])
    report.outputs.image?.histogram = nil
    #expect(!HTMLReport(report).text.contains("How many positions diverge how much"))
  }
}
