import AccuracyMetrics
import Testing

@Suite struct McNemarTests {
  @Test(arguments: [
    [0, 0, 1, 1], [3, 3, 1, 1], [4, 3, 1, 1], [0, 1, 1, 1], [0, 8, 2, 256], [1, 5, 14, 64], [10, 2, 158, 4096],
    [5, 15, 43400, 1_048_576],
  ])
  func countsByHand(row: [Int]) {
    // 2 (C(n, 0) + ... C(n, min(b, c))) over 2^n.
    let (b, c) = (row[0], row[1])
    let expected = Double(row[2]) / Double(row[3])
    #expect(abs(McNemarTest(b: b, c: c).pValue / expected - 1) < 1e-13)
    #expect(abs(McNemarTest(b: c, c: b).pValue / expected - 1) < 1e-13)
  }

  /// Values of exact integer arithmetic.
  @Test(arguments: [
    (400, 500, 0.0009564441369189461), (3000, 3300, 0.00016475607669748032), (0, 1000, 1.8665272370064378e-301),
  ])
  func largeCounts(b: Int, c: Int, expected: Double) {
    #expect(abs(McNemarTest(b: b, c: c).pValue / expected - 1) < 1e-12)
  }

  @Test func countsThatNoBinomialCoefficientHolds() {
    #expect(McNemarTest(b: 1, c: 2000).pValue == 0)
    #expect(McNemarTest(b: 10_000_000, c: 10_000_000).pValue == 1)
    // A difference of two standard deviations: 2 (1 - Phi(2)) with the usual half step.
    let p = McNemarTest(b: 50_000_000 - 10_000, c: 50_000_000 + 10_000).pValue
    #expect(abs(p - 0.0455) < 1e-4)
  }
}
