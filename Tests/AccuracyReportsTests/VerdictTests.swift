import AccuracyReports
import Testing

struct VerdictTests {
  /// A report whose predictions differ by some divergence at each position.
  private func report(mean: Double, agreement: Double = 0.99, exact: Bool = false) -> DiffReport {
    var report = SampleReport.full()
    report.firstBad = nil
    report.answers = nil
    report.outputs.image = nil
    report.outputs.text = nil
    report.outputs.all?.perplexityRatio = nil
    report.outputs.all?.divergence = ReportedDistribution(
      mean: ReportedEstimate(value: mean), median: mean, p90: mean, p99: mean, maximum: mean)
    report.outputs.all?.top1Agreement = ReportedEstimate(value: agreement)
    for index in report.tensors.indices { report.tensors[index].isExact = exact }
    return report
  }

  private static let figures: [(Double, Double, Bool, VerdictGrade)] = [
    (0, 1, true, VerdictGrade.identical), (0, 1, false, .nearLossless), (1e-9, 1, true, .nearLossless),
    (0.01, 0.971, false, .nearLossless),
    (0.0101, 0.99, false, .good), (0.005, 0.96, false, .good), (0.05, 0.91, false, .good),
    (0.051, 0.99, false, .degraded), (0.001, 0.89, false, .degraded), (Double.nan, 0.9, false, .broken),
    (Double.infinity, 0.9, false, .broken),
  ]

  @Test(arguments: figures)
  func theFiguresDecide(mean: Double, agreement: Double, exact: Bool, grade: VerdictGrade) {
    let verdict = Verdict.judging(report(mean: mean, agreement: agreement, exact: exact))
    #expect(verdict.grade == grade)
    #expect(verdict.sentence.hasSuffix("."))
  }

  private static let jumps: [(BadValueKind, Double, VerdictGrade)] = [
    (BadValueKind.nan, 0.001, VerdictGrade.broken), (.infinity, 0.001, .broken), (.jump, 0.001, .nearLossless),
    (.jump, 0.03, .good), (.jump, 0.3, .broken),
  ]

  @Test(arguments: jumps)
  func aJumpBreaksOnlyWhatIsFarOff(kind: BadValueKind, mean: Double, grade: VerdictGrade) {
    var report = report(mean: mean)
    report.firstBad = FirstBadPoint(point: "decoder.hidden.2", kind: kind, sentence: "it went wrong", tensors: [])
    let verdict = Verdict.judging(report)
    #expect(verdict.grade == grade)
    #expect(verdict.sentence.contains("decoder.hidden.2") == (grade == .broken))
  }

  /// A model that is lost after text alone is not good because it is good after images.
  @Test func eachKindOfPromptIsJudged() {
    let measured = { (mean: Double) in self.report(mean: mean).outputs.all }
    var report = self.report(mean: 0.001)
    report.outputs.image = measured(0.001)
    report.outputs.text = measured(0.3)
    var verdict = Verdict.judging(report)
    #expect(verdict.grade == .degraded && verdict.image == .nearLossless && verdict.text == .degraded)
    report.outputs.text = measured(0.03)
    #expect(Verdict.judging(report).grade == .good)
    report.outputs.text = nil
    verdict = Verdict.judging(report)
    #expect(verdict.grade == .nearLossless && verdict.text == nil)
    report.verdict = verdict
    let lines = TerminalReport(report, width: 80).text
    #expect(lines.contains("images: near-lossless; text: not measured"))
    #expect(lines.contains("mean KL up to 0.01 nats, p99 0.1, top-1 from 97 %"))
  }

  @Test func withoutPredictionsThereIsNone() {
    var report = report(mean: 0.1)
    report.outputs.all = nil
    #expect(Verdict.judging(report).grade == .unmeasured)
    for index in report.tensors.indices { report.tensors[index].isExact = true }
    #expect(Verdict.judging(report).grade == .identical)
    report.tensors = []
    #expect(Verdict.judging(report).grade == .unmeasured)
  }

  @Test func theReportJudgesItself() {
    #expect(SampleReport.full().verdict.grade == .good)
    #expect(SampleReport.full().verdict.sentence.contains("0.0375"))
  }
}
