import FusionCore
import FusionRuntime
import TestSupport
import Testing

@Suite struct TokenSamplerTests {
  @Test func greedyTakesTheFirstOfTheGreatest() throws {
    #expect(try Draws.one([1, 3, -2, 3], .greedy) == 1)
    #expect(try Draws.one([-5, -5], .greedy) == 0)
    #expect(try Draws.one([-.infinity, -1e30], .greedy) == 1)
  }

  @Test func penaltyCountsEachTokenOnce() throws {
    let options = try SamplingOptions(repetitionPenalty: 2)
    #expect(try Draws.one([4, 3], options, history: []) == 0)
    #expect(try Draws.one([4, 3], options, history: [0]) == 1, "4 / 2 is below 3")
    #expect(try Draws.one([8, 3], options, history: [0, 0, 0]) == 0, "8 / 2 is above 3, 8 / 8 is not")
    #expect(try Draws.one([-2, -3], options, history: [0]) == 1, "-2 · 2 is below -3")
    #expect(try Draws.one([4, 3], options, history: [0, 1]) == 0)
  }

  @Test func placeholdersInTheHistoryAreIgnored() throws {
    let options = try SamplingOptions(repetitionPenalty: 2)
    #expect(try Draws.one([4, 3], options, history: [-200, -300]) == 0)
    #expect(try Draws.one([4, 3], options, history: [-200, 0, -300]) == 1)
  }

  @Test func aSmallPenaltyRewardsRepetition() throws {
    let options = try SamplingOptions(repetitionPenalty: 0.5)
    #expect(try Draws.one([3, 4], options, history: [0]) == 0)
  }

  @Test(arguments: [Float.nan, .infinity, -.nan])
  func brokenLogitsAreNamed(bad: Float) throws {
    for options in [SamplingOptions.greedy, try SamplingOptions(temperature: 1, topK: 2)] {
      let error = try #require(throws: FusionError.self) { try Draws.one([0, 1, bad, 2], options) }
      #expect(error.code == .nonfiniteLogits)
      #expect(error.code.category == .malformedInput)
      #expect(error.place == "logit of token 2")
    }
  }

  @Test func aTokenMustBePossible() throws {
    let error = try #require(throws: FusionError.self) { try Draws.one([-.infinity, -.infinity], .greedy) }
    #expect(error.code == .nonfiniteLogits)
    #expect(error.found == "-inf")
  }

  @Test func equalSeedsDrawEqualTokens() throws {
    let logits = Draws.randomLogits(count: 1000, seed: 3)
    let first = try Draws.many(200, logits, SamplingOptions(temperature: 2, topP: 0.95, seed: 7))
    #expect(try Draws.many(200, logits, SamplingOptions(temperature: 2, topP: 0.95, seed: 7)) == first)
    #expect(try Draws.many(200, logits, SamplingOptions(temperature: 2, topP: 0.95, seed: 8)) != first)
  }

  /// The generator is a promise: SplitMix64's first number of 53 bits times the total picks the token.
  @Test func theSeedAloneDecidesTheNumbers() throws {
    let count = 1 << 16
    let drawn = try Draws.many(
      50, [Float](repeating: 0, count: count), SamplingOptions(temperature: 1, seed: 1234))
    var generator = SplitMix64(seed: 1234)
    #expect(drawn == (0..<50).map { _ in Int(generator.next() >> 48) })
  }

  /// 40 000 draws; the statistic's mean is 7 and its deviation 3.7, so 40 is never seen by chance.
  @Test func drawsFollowTheProbabilities() throws {
    let logits: [Float] = [0, 1, 2, 0.5, -1, 1.5, -0.5, 0.25]
    let count = 40_000
    let weights = Reference.probabilities(logits.map(Double.init), temperature: 0.8)
    var observed = [Int](repeating: 0, count: logits.count)
    for token in try Draws.many(count, logits, SamplingOptions(temperature: 0.8, seed: 99)) { observed[token] += 1 }
    let statistic = zip(observed, weights).reduce(0.0) { sum, pair in
      let expected = pair.1 * Double(count)
      return sum + (Double(pair.0) - expected) * (Double(pair.0) - expected) / expected
    }
    #expect(statistic < 40, "\(observed)")
  }
}
