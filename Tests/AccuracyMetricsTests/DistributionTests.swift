import AccuracyMetrics
import TestSupport
import Testing

/// Distributions over tokens whose probabilities can be written down.
@Suite struct DistributionTests {
  @Test func equalLogitsAreEquallyLikely() {
    for value in [Float(0), -3.5, 1e30, -1e30] {
      for logarithm in Logits.logProbabilities([value, value, value, value]) {
        #expect(abs(logarithm + 1.3862943611198906) < 1e-15, "4 tokens with logit \(value)")
      }
    }
  }

  /// With logits 0 and d the first probability is 1 / (1 + e^d).
  @Test func twoTokens() {
    #expect(abs(Logits.logProbability(of: 0, in: [0, 1]) + 1.3132616875182228) < 1e-15)
    #expect(abs(Logits.logProbability(of: 1, in: [0, 1]) + 0.3132616875182228) < 1e-15)
    #expect(Logits.logProbabilities([0, 1000]) == [-1000, 0])
    #expect(Logits.logProbabilities([1e38, -1e38])[0] == 0)
  }

  @Test func aTokenThatCannotCome() {
    #expect(Logits.logProbabilities([-.infinity, 2]) == [-.infinity, 0])
  }

  @Test(arguments: [[Float.nan, 1], [1, .nan], [.infinity, 1], [-.infinity, -.infinity]])
  func damageStaysVisible(logits: [Float]) {
    for logarithm in Logits.logProbabilities(logits) { #expect(logarithm.isNaN) }
    #expect(Logits.divergence(logits, [0, 0]).isNaN)
    #expect(Logits.divergence([0, 0], logits).isNaN)
    #expect(Logits.divergence(logits, logits).isNaN)
  }

  @Test func noLogitsNoProbabilities() { #expect(Logits.logProbabilities([]).isEmpty) }

  /// The sums of both sides are equal, so it is 2 (e² - 1) / (1 + e + e²).
  @Test func divergenceOfMirroredLogits() {
    #expect(abs(Logits.divergence([1, 2, 3], [3, 2, 1]) - 1.1504207652088827) < 1e-15)
  }

  /// With all P on one token it is -log q of that token.
  @Test func divergenceFromCertainty() {
    #expect(abs(Logits.divergence([0, -.infinity], [0, 0]) - 0.6931471805599453) < 1e-15)
    #expect(Logits.divergence([500, -500], [-500, 500]) == 1000)
  }

  @Test func divergenceIsNotSymmetric() {
    // log 2 from P = (1/2, 1/2) to Q = (1, 0) does not exist, the way back does.
    #expect(Logits.divergence([0, 0], [0, -.infinity]) == .infinity)
    #expect(abs(Logits.divergence([1, 2, 3, 4], [1.5, 2, 2, 5]) - 0.25876497573047397) < 1e-15)
    #expect(abs(Logits.divergence([1.5, 2, 2, 5], [1, 2, 3, 4]) - 0.25876497573047397) > 1e-3)
  }

  @Test func equalLogitsDivergeByNothing() {
    var random = SplitMix64(seed: 11)
    let logits = (0..<1000).map { _ in Float.random(in: -30...30, using: &random) }
    #expect(Logits.divergence(logits, logits) == 0)
    #expect(Logits.divergence([3, -.infinity], [3, -.infinity]) == 0)
  }

  /// A shift of all logits leaves the distribution as it is; here the shift is exact in float32.
  @Test func aShiftIsNoDivergence() { #expect(Logits.divergence([1, 2, 3], [65, 66, 67]) == 0) }

  @Test func smallDivergencesAreNeverNegative() {
    var random = SplitMix64(seed: 12)
    for _ in 0..<200 {
      let logits = (0..<50).map { _ in Float.random(in: -5...5, using: &random) }
      let near = logits.map { $0.nextUp }
      #expect((0..<1e-11).contains(Logits.divergence(logits, near)))
    }
  }

  /// To second order it is half the variance of the differences: with two equally likely tokens d apart, d² / 8.
  @Test(arguments: [Float(0x1p-6), 0x1p-10, 0x1p-14])
  func smallDivergence(difference: Float) {
    let expected = Double(difference) * Double(difference) / 8
    #expect(abs(Logits.divergence([0, 0], [0, difference]) / expected - 1) < 1e-4)
  }

  @Test func aWholeVocabulary() {
    // Equally likely tokens, one of which the candidate raises by 1: log((n + e - 1) / n) - 1 / n.
    let count = 128_256
    var raised = [Float](repeating: 0, count: count)
    raised[count - 1] = 1
    let n = Double(count)
    // log(1 + t) to second order, the third is below 1e-15.
    let expected = 1.718281828459045 / n - 1.718281828459045 * 1.718281828459045 / (2 * n * n) - 1 / n
    #expect(abs(Logits.divergence([Float](repeating: 0, count: count), raised) - expected) < 1e-13)
  }
}
