import AccuracyMetrics
import Testing

@Suite struct PerplexityTests {
  @Test func perplexity() {
    #expect(Perplexity.value(meanNegativeLogLikelihood: 0) == 1)
    // log 10
    #expect(abs(Perplexity.value(meanNegativeLogLikelihood: 2.302585092994046) - 10) < 1e-13)
    #expect(Perplexity.value(meanNegativeLogLikelihood: .nan).isNaN)
  }

  @Test func ratio() throws {
    // Differences of log 2, 0, log 2, 0 in two samples: their mean is half of log 2.
    let two = 0.6931471805599453
    let ratio = PerplexityRatio(
      reference: [1, 2, 3, 4], candidate: [1 + two, 2, 3 + two, 4], groups: [0, 0, 1, 1])
    #expect(abs(ratio.value - 1.4142135623730951) < 1e-14)
    let interval = try #require(ratio.interval)
    #expect(abs(interval.lower - 1.4142135623730951) < 1e-14)
    #expect(abs(interval.upper - 1.4142135623730951) < 1e-14)
  }

  @Test func intervalOfTheRatio() throws {
    // Two samples, one twice as bad and one unchanged, so the ends are those of the samples.
    let interval = try #require(
      PerplexityRatio(reference: [1, 1], candidate: [1.6931471805599454, 1], groups: [0, 1]).interval)
    #expect(interval.lower == 1)
    #expect(abs(interval.upper - 2) < 1e-14)
  }

  @Test func edges() {
    #expect(PerplexityRatio(reference: [0.5, 7], candidate: [0.5, 7], groups: [0, 0]).value == 1)
    #expect(PerplexityRatio(reference: [1], candidate: [2], groups: [0]).interval == nil)
    #expect(PerplexityRatio(reference: [1, .nan], candidate: [1, 1], groups: [0, 1]).value.isNaN)
    #expect(PerplexityRatio(reference: [1], candidate: [.infinity], groups: [0]).value == .infinity)
  }
}
