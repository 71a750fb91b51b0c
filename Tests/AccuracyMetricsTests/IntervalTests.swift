import AccuracyMetrics
import Testing

@Suite struct IntervalTests {
  /// Of two groups both, or either one twice, are drawn; each of the three often enough to be the end of the interval.
  @Test func twoGroups() {
    #expect(MeanInterval.value(of: [0, 1], groups: [0, 1]) == ConfidenceInterval(lower: 0, upper: 1))
    // A group counts with all its values.
    #expect(MeanInterval.value(of: [0, 0, 0, 4], groups: [5, 5, 5, -2]) == ConfidenceInterval(lower: 0, upper: 4))
  }

  @Test func groupsThatAreAlikeLeaveNoDoubt() {
    #expect(
      MeanInterval.value(of: [1, 5, 3, 2, 4], groups: [0, 0, 1, 2, 2]) == ConfidenceInterval(lower: 3, upper: 3))
  }

  @Test func oneGroupSaysNothing() {
    #expect(MeanInterval.value(of: [1, 2, 3], groups: [8, 8, 8]) == nil)
    #expect(MeanInterval.value(of: [], groups: []) == nil)
  }

  /// Half of 400 groups are 1: the mean is 0.5 with a standard error of 0.025, so the ends are near 0.5 ± 0.049.
  @Test func manyGroups() throws {
    let values = (0..<400).map { Double($0 % 2) }
    let interval = try #require(MeanInterval.value(of: values, groups: Array(0..<400)))
    #expect(abs(interval.lower - 0.451) < 0.006)
    #expect(abs(interval.upper - 0.549) < 0.006)
  }

  /// The same values said to come from 40 groups of ten equal ones: the standard error is sqrt(10) times as large.
  @Test func valuesOfAGroupAreNotIndependent() throws {
    let values = (0..<400).map { Double($0 / 10 % 2) }
    let interval = try #require(MeanInterval.value(of: values, groups: (0..<400).map { $0 / 10 }))
    #expect(abs(interval.upper - interval.lower - 0.31) < 0.04)
  }

  @Test func numbersOfGroupsDoNotMatter() {
    let values = [0.25, 1, -3, 8, 2, 2.5]
    let first = MeanInterval.value(of: values, groups: [0, 1, 1, 2, 3, 0])
    #expect(first != nil)
    #expect(first == MeanInterval.value(of: values, groups: [70, -4, -4, 9, 1000, 70]))
  }

  @Test(arguments: [
    [8, 10, 0.4901624715366417, 0.9433178485456247], [50, 100, 0.4038315303659956, 0.5961684696340044],
    [0, 10, 0, 0.2775327998628892], [10, 10, 0.7224672001371107, 1], [0, 0, 0, 1],
  ])
  func wilson(row: [Double]) {
    let interval = WilsonInterval.value(successes: Int(row[0]), trials: Int(row[1]))
    #expect(abs(interval.lower - row[2]) < 1e-15)
    #expect(abs(interval.upper - row[3]) < 1e-15)
    #expect(interval.level == 0.95)
  }

  @Test func wilsonOfPartialSuccess() {
    let interval = WilsonInterval.value(scoreSum: 0.6, trials: 2)
    #expect(abs(interval.lower - 0.037317532898803935) < 1e-15)
    #expect(abs(interval.upper - 0.8257303760985348) < 1e-15)
  }
}
