import FusionRuntime
import TestSupport
import Testing

/// Which tokens the filters leave, against a plain computation with full sorts.
@Suite struct SamplingFilterTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var temperature = 1.0
    var topP = 1.0
    var topK = 0
    var minP = 0.0
    var testDescription: String { "T \(temperature) p \(topP) k \(topK) m \(minP)" }

    func options(seed: UInt64) throws -> SamplingOptions {
      try SamplingOptions(temperature: temperature, topP: topP, topK: topK, minP: minP, seed: seed)
    }
  }

  @Test(arguments: [
    Case(topK: 1), Case(topK: 5), Case(topK: 40), Case(topK: 1000),
    Case(topP: 1e-9), Case(topP: 0.3), Case(topP: 0.9), Case(minP: 0.05), Case(minP: 0.5),
    Case(temperature: 0.5, topP: 0.8), Case(temperature: 3, topP: 0.8, topK: 10),
    Case(temperature: 1.5, topP: 0.95, topK: 20, minP: 0.1),
  ])
  func exactlyTheReferencesTokensAreDrawn(sample: Case) throws {
    for seed in 0..<4 as Range<UInt64> {
      let logits = Draws.randomLogits(count: 64, seed: seed)
      let expected = Reference.kept(
        logits.map(Double.init), temperature: sample.temperature, topK: sample.topK, topP: sample.topP,
        minP: sample.minP)
      let drawn = Set(try Draws.many(3000, logits, sample.options(seed: seed)))
      #expect(drawn.isSubset(of: expected))
      // Every token that is likely enough to be sure of it was drawn: below one in 10⁹ to miss it.
      let chances = Reference.probabilities(logits.map(Double.init), temperature: sample.temperature)
      let total = expected.reduce(0) { $0 + chances[$1] }
      #expect(drawn.isSuperset(of: expected.filter { chances[$0] / total > 0.007 }))
    }
  }

  @Test func tokensAsLikelyAsTheLastOfTopKStay() throws {
    let drawn = Set(try Draws.many(300, [1, 2, 1, 0, 1], SamplingOptions(temperature: 1, topK: 2, seed: 1)))
    #expect(drawn == [0, 1, 2, 4])
  }

  @Test func topPPrefersLowerIdsAmongEquals() throws {
    let drawn = Set(try Draws.many(300, [1, 1, 1, 1], SamplingOptions(temperature: 1, topP: 0.5, seed: 1)))
    #expect(drawn == [0, 1])
  }

  /// After top-k the two tokens left have 0.73 and 0.27 of the probability, so top-p of 0.7 keeps one; before it they
  /// have 0.45 and 0.16, and it would keep four.
  @Test func topPSeesWhatTopKLeft() throws {
    let logits: [Float] = [2, 1, 0.9, 0.8, -1]
    #expect(Set(try Draws.many(300, logits, SamplingOptions(temperature: 1, topP: 0.7, topK: 2, seed: 1))) == [0])
    #expect(
      Set(try Draws.many(300, logits, SamplingOptions(temperature: 1, topP: 0.7, seed: 1))).isSuperset(of: [0, 1]))
  }

  @Test func excludedTokensAreNeverDrawn() throws {
    let drawn = Set(try Draws.many(300, [0, -.infinity, 0], SamplingOptions(temperature: 100, seed: 1)))
    #expect(drawn == [0, 2])
  }

  @Test func aWholeVocabularyCanBeDrawnFrom() throws {
    let logits = Draws.randomLogits(count: 128_256, seed: 5)
    let expected = Reference.kept(logits.map(Double.init), temperature: 0.7, topK: 0, topP: 0.5, minP: 0)
    let drawn = try Draws.many(20, logits, SamplingOptions(temperature: 0.7, topP: 0.5, seed: 2))
    #expect(Set(drawn).isSubset(of: expected))
    #expect(Set(drawn).count > 10)
  }
}
