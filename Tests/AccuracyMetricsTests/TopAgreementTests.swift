import AccuracyMetrics
import Testing

@Suite struct TopAgreementTests {
  @Test func bestToken() {
    #expect(Logits.sameBest([1, 9, 3], [0, 0.5, 0.25]))
    #expect(!Logits.sameBest([1, 9, 3], [1, 2, 3]))
    #expect(Logits.sameBest([7], [-7]))
  }

  @Test func ofEqualOnesTheLowerIsBest() {
    #expect(Logits.sameBest([5, 5, 1], [5, 4, 1]))
    #expect(!Logits.sameBest([5, 5, 1], [4, 5, 1]))
    #expect(Logits.sameBest([-.infinity, -.infinity], [2, 2]))
  }

  @Test func fiveBest() {
    let reference: [Float] = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    #expect(Logits.overlap(reference, reference) == 1)
    #expect(Logits.overlap(reference, [5, 6, 7, 8, 9, 4, 3, 2, 1, 0]) == 1)
    #expect(Logits.overlap(reference, [9, 8, 7, 6, 4, 5, 3, 2, 1, 0]) == 0.8)
    #expect(Logits.overlap(reference, [9, 0, 0, 0, 0, 5, 5, 5, 5, 0]) == 0.2)
    #expect(Logits.overlap(reference, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) == 0)
  }

  @Test func fiveBestWithEqualOnes() {
    // Tokens 0 to 4 are the best of seven equal ones.
    let level = [Float](repeating: 1, count: 7)
    #expect(Logits.overlap(level, [7, 6, 5, 4, 3, 2, 1]) == 1)
    #expect(Logits.overlap(level, [1, 2, 3, 4, 5, 6, 7]) == 0.6)
  }

  @Test func ofFewTokensAllAreBest() { #expect(Logits.overlap([1, 2, 3], [3, 2, 1]) == 1) }

  @Test(arguments: [[Float.nan, 1, 2], [1, 2, .nan]])
  func damageStaysVisible(logits: [Float]) {
    #expect(!Logits.sameBest(logits, logits))
    #expect(Logits.overlap(logits, [1, 2, 3]).isNaN)
    #expect(Logits.overlap([1, 2, 3], logits).isNaN)
  }
}
