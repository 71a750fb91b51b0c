import AccuracyReports
import Foundation
import Testing

/// The HTML form in a real browser.
@Suite(.serialized) struct BrowserTests {
  @Test func aReaderCanSortAndFilter() throws {
    let report = SampleReport.full()
    let page = try DrivenPage(report)
    let found = page.findings
    #expect(found.errors == [])
    #expect(found.requests == [])
    #expect(page.console == [])

    let differing = report.tensors.filter { !$0.isExact }
    #expect(found.names.count == report.tensors.count)
    #expect(found.names.first == differing.max { $0.relativeError < $1.relativeError }?.name)
    #expect(found.buttonCount == 15)
    let cosines = Dictionary(uniqueKeysWithValues: report.tensors.map { ($0.name, $0.cosine) })
    let ascending = found.ascending.compactMap { cosines[$0] }
    #expect(ascending == report.tensors.map(\.cosine).sorted())
    #expect(found.descending.compactMap { cosines[$0] } == ascending.reversed())
    #expect(found.sortMarks.filter { !$0.hasSuffix("none") } == ["cosine ascending"])
    #expect(found.byName != found.ascending)
    #expect(found.byName.first == "embedding.weight")
    #expect(Set(found.byName) == Set(cosines.keys))

    let wanted = report.tensors.filter { $0.name.contains("layers.3.") && $0.scheme.hasPrefix("int4") }.map(\.name)
    #expect(Set(found.filtered) == Set(wanted) && !wanted.isEmpty)
    #expect(found.filterCount == "\(wanted.count) of \(report.tensors.count) tensors")
    #expect(Set(found.byPart) == ["projector.0.weight", "projector.0.bias"])
    #expect(found.inexactCount == differing.count)
    #expect(found.answers == ["synth-1"])
    #expect(found.imageWidths.count == 5 && found.imageWidths.allSatisfy { $0 == 96 })
    #expect(found.pageWidth == 0, "the page is wider than the window")
  }

  @Test func hostileTextRunsNothing() throws {
    let page = try DrivenPage(SampleReport.full(hostile: true))
    #expect(page.findings.errors == [])
    #expect(page.findings.requests == [])
    #expect(page.console == [])
    #expect(page.findings.imageWidths.count == 5)
  }

  @Test func valuesThatAreNotFiniteSortToTheirPlaces() throws {
    var report = SampleReport.full()
    report.tensors[0].cosine = .nan
    report.tensors[1].cosine = -.infinity
    let found = try DrivenPage(report).findings
    #expect(found.errors == [])
    #expect(found.ascending.first == report.tensors[1].name)
    #expect(found.ascending.last == report.tensors[0].name)
    #expect(found.descending.last == report.tensors[0].name)
  }

  @Test func aLargeReportWorksToo() throws {
    let report = SampleReport.full(layers: 80, visionLayers: 66, changed: 200)
    #expect(report.tensors.count > 800)
    let page = try DrivenPage(report)
    #expect(page.findings.errors == [] && page.console == [])
    #expect(page.findings.names.count == report.tensors.count)
    #expect(page.findings.imageWidths.count == 160)
  }

  @Test(arguments: [SampleReport.minimal(), SampleReport.empty(), SampleReport.wide()])
  func aReportWithLittleInItHasNoErrors(report: DiffReport) throws {
    let outcome = try HeadlessBrowser().open(HTMLReport(report).text)
    #expect(outcome.console == [])
    #expect(outcome.dom.contains("id=\"verdict\""))
  }

  @Test func everythingCanBeReadWithoutScripts() throws {
    let report = SampleReport.full()
    // Chromium cannot print a page while scripts are switched off, so the page forbids its own.
    let html = HTMLReport(report).text.replacing(
      "script-src &#39;unsafe-inline&#39;", with: "script-src &#39;none&#39;")
    let outcome = try HeadlessBrowser().open(html)
    #expect(outcome.console.count == 1 && outcome.console[0].contains("script-src"))
    // What scripts would add is not there.
    #expect(!outcome.dom.contains("<button"))
    #expect(outcome.dom.contains("id=\"tensor-controls\" hidden=\"\""))
    for tensor in report.tensors {
      #expect(outcome.dom.contains(">\(tensor.name.replacing(".", with: ".<wbr>"))</th>"))
    }
    #expect(outcome.dom.components(separatedBy: "<svg").count == 5)
    #expect(outcome.dom.components(separatedBy: "<article").count == 7)
  }

  /// Proves that the tests above would notice.
  @Test(arguments: [
    "<img src=\"https://example.invalid/a.png\">", "<link rel=\"stylesheet\" href=\"https://example.invalid/a.css\">",
    "<script src=\"https://example.invalid/a.js\"></script>", "<script>fetch(\"https://example.invalid\")</script>",
    "<iframe src=\"https://example.invalid/\"></iframe>",
  ])
  func thePolicyStopsWhatComesFromElsewhere(intruder: String) throws {
    let html = HTMLReport(SampleReport.minimal()).text.replacing("</main>", with: intruder + "</main>")
    let outcome = try HeadlessBrowser().open(html)
    #expect(outcome.console.contains { $0.contains("Content Security Policy") })
  }
}
