import AccuracyMetrics
import Testing

@Suite struct SummaryTests {
  @Test(arguments: [(0.0, 10.0), (50, 25), (25, 17.5), (90, 37), (100, 40), (33, 19.9)])
  func percentileOfFour(p: Double, expected: Double) {
    // Position 3 p / 100 in 10, 20, 30, 40.
    #expect(abs(Percentile.value(p, of: [10, 20, 30, 40]) - expected) < 1e-13)
  }

  @Test func percentileAtTheEdges() {
    #expect(Percentile.value(90, of: [7]) == 7)
    #expect(Percentile.value(99, of: [1, .infinity, .infinity]) == .infinity)
    #expect(Percentile.value(10, of: [-.infinity, -.infinity, -.infinity]) == -.infinity)
    #expect(Percentile.value(10, of: [1, 2, .nan]).isNaN)
  }

  @Test func summaryOfElevenValues() {
    let summary = Summary([5, 0, 10, 1, 9, 2, 8, 3, 7, 4, 61])
    #expect(summary.count == 11)
    #expect(summary.mean == 10)
    #expect(summary.median == 5)
    #expect(summary.p90 == 10)
    // Position 9.9, between 10 and 61: 10 + 0.9 51.
    #expect(abs(summary.p99 - 55.9) < 1e-12)
    #expect(summary.maximum == 61)
    #expect(summary.interval == nil)
  }

  @Test func summaryWithGroups() {
    let summary = Summary([1, 3, 2, 2], groups: [0, 0, 1, 1])
    #expect(summary.interval == ConfidenceInterval(lower: 2, upper: 2))
    #expect(Summary([1, 3], groups: [4, 4]).interval == nil)
  }

  @Test func damageStaysVisible() {
    let summary = Summary([1, .nan, 3], groups: [0, 1, 2])
    #expect(summary.count == 3)
    let measures = [
      summary.mean, summary.median, summary.p90, summary.p99, summary.maximum, summary.interval?.lower ?? 0,
      summary.interval?.upper ?? 0,
    ]
    for measure in measures { #expect(measure.isNaN) }
  }

  @Test func infinityIsTheMaximum() {
    let summary = Summary([0, 0, 0, .infinity])
    #expect(summary.mean == .infinity)
    #expect(summary.median == 0)
    #expect(summary.maximum == .infinity)
  }
}
