import AccuracyReports
import FusionCore
import Testing

struct GateTests {
  private static let limits: [(String, String, Double)] = [
    ("kld.mean=0.02", "kld.mean", 0.02), ("image.kld.p99=1e-3", "image.kld.p99", 0.001),
    ("text.top1.disagreement=0", "text.top1.disagreement", 0), ("accuracy.drop=0.5", "accuracy.drop", 0.5),
  ]

  @Test(arguments: limits)
  func aLimitIsRead(text: String, name: String, limit: Double) throws {
    let parsed = try GateLimit.parse(text)
    #expect(parsed.metric.name == name)
    #expect(parsed.limit == limit)
    #expect(parsed.isRequired)
  }

  @Test(arguments: [
    "kld.mean", "kld.mean=", "=0.1", "kld.mean=a", "kld.mean=nan", "kld.mean=-1", "kld.mean=inf", "a=b=c", "",
  ])
  func aLimitThatIsNoneIsWrongUsage(text: String) {
    let error = #expect(throws: FusionError.self) { try GateLimit.parse(text) }
    #expect(error?.code == .gateLimitSyntax)
    #expect(error?.code.category == .usage)
    #expect(error?.remedy != nil)
  }

  @Test(arguments: [
    ("kld", "kld.mean"), ("top1", "top1.disagreement"), ("sqnr.min", "weight.max"), ("image.accuracy.drop", "one of"),
    ("image.", "one of"),
  ])
  func anUnknownMetricListsThoseThatExist(name: String, hint: String) {
    let error = #expect(throws: FusionError.self) { try GateLimit.parse("\(name)=0.1") }
    #expect(error?.code == .unknownGateMetric)
    #expect(error?.code.category == .usage)
    #expect(error?.found == name)
    #expect(error?.remedy?.contains(hint) == true)
    for quantity in GateQuantity.allCases { #expect(error?.expected?.contains(quantity.rawValue) == true) }
  }

  @Test func everyMetricIsFoundByItsName() {
    #expect(GateMetric.all.count == 9 * 3 + 5)
    #expect(Set(GateMetric.all.map(\.name)).count == GateMetric.all.count)
    for metric in GateMetric.all { #expect(GateMetric(name: metric.name) == metric) }
    #expect(GateMetric(name: "text.weight.max") == nil)
  }

  private static let values: [(String, Double)] = [
    ("kld.mean", 0.0375), ("image.kld.mean", 0.047), ("text.kld.mean", 0.012), ("kld.median", 0.0375 * 0.3),
    ("kld.p90", 0.0375 * 2.4), ("kld.p99", 0.0375 * 9), ("kld.max", 0.0375 * 31), ("top1.disagreement", 1 - 0.943),
    ("top5.disagreement", 1 - 0.918), ("right-token.drop", 0.0082), ("perplexity.ratio", 1.0248),
    ("accuracy.drop", 0.935 - 0.915), ("answers.changed", 9.0 / 200), ("activation.max", 0.288),
    ("mapping.rise", 0.3164 - 0.3121),
  ]

  @Test(arguments: values)
  func aMetricHasItsValue(name: String, value: Double) throws {
    let metric = try #require(GateMetric(name: name))
    let found = try #require(metric.value(in: SampleReport.full()))
    #expect((found - value).magnitude < 1e-12)
  }

  @Test func theWorstTensorCounts() throws {
    var report = SampleReport.full()
    report.tensors[3].relativeError = 0.75
    #expect(GateMetric(.weightMaximum).value(in: report) == 0.75)
    report.tensors[4].relativeError = .nan
    #expect(GateMetric(.weightMaximum).value(in: report)?.isNaN == true)
  }

  @Test func aValueAtTheLimitPassesAndOneAboveFails() throws {
    let report = SampleReport.full()
    let value = try #require(GateMetric(.divergenceMean).value(in: report))
    for (limit, passes) in [(value, true), (value.nextUp, true), (value.nextDown, false)] {
      let outcome = Gate(limits: [GateLimit(GateMetric(.divergenceMean), limit)]).evaluate(report)
      #expect(outcome.passed == passes)
      #expect(outcome.results.map(\.value) == [value])
    }
  }

  @Test func whatWasNotMeasuredFailsWithAReason() {
    let limits = GateMetric.all.filter { $0.quantity != .weightMaximum && $0.quantity != .activationMaximum }
    let outcome = Gate(limits: limits.map { GateLimit($0, 1e6) }).evaluate(SampleReport.minimal())
    #expect(!outcome.passed)
    for result in outcome.results {
      #expect(!result.passed && result.value == nil && result.reason?.isEmpty == false, "\(result.metric)")
    }
  }

  @Test func whatIsNotANumberFails() {
    let outcome = Gate(limits: [GateLimit(GateMetric(.activationMaximum), 1e6)]).evaluate(SampleReport.minimal())
    #expect(outcome.results.map(\.passed) == [false])
    #expect(outcome.results[0].reason == "the value is not a number")
  }

  @Test func aPresetDoesNotInsistOnAnswers() throws {
    var report = SampleReport.full()
    report.answers = nil
    report.outputs.all?.perplexityRatio = nil
    let outcome = Gate(preset: .normal).evaluate(report)
    #expect(outcome.passed)
    #expect(outcome.preset == "normal")
    #expect(outcome.results.filter { $0.value == nil }.map(\.metric) == ["perplexity.ratio", "accuracy.drop"])
    let own = Gate(preset: .normal, limits: [try GateLimit.parse("accuracy.drop=0.5")]).evaluate(report)
    #expect(!own.passed)
  }

  @Test func aLimitOfOnesOwnReplacesThatOfThePreset() throws {
    let limits = [
      try GateLimit.parse("kld.mean=0.2"), try GateLimit.parse("weight.max=9"), try GateLimit.parse("kld.mean=0.3"),
    ]
    let gate = Gate(preset: .strict, limits: limits)
    #expect(gate.limits.count == GatePreset.strict.limits.count + 1)
    #expect(gate.limits.first { $0.metric.name == "kld.mean" }?.limit == 0.3)
    #expect(Gate().isEmpty)
    #expect(Gate().evaluate(SampleReport.minimal()).passed)
  }

  @Test func everythingThatStrictPassesNormalPasses() {
    for (strict, normal) in zip(GatePreset.strict.limits, GatePreset.normal.limits) {
      #expect(strict.metric == normal.metric)
      #expect(strict.limit < normal.limit)
    }
  }
}
