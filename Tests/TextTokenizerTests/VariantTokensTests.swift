import Testing
import TextTokenizer

/// Tokenizers with other settings than the fixtures', and what transformers 4.48.3, tokenizers 0.21.4 and
/// sentencepiece 0.2.3 make of random text and random tokens with them.
@Suite struct VariantTokensTests {
  static let names = [
    "gpt2-added", "gpt2-configured", "metaspace-unknown", "prepend-plain", "qwen-split", "slow-cleaned", "slow-legacy",
    "slow-mapped", "slow-unknown",
  ]

  @Test(arguments: names)
  func agreesWithTheLibraries(_ name: String) throws {
    let samples = try TokenizerSamples.read("variant-\(name)")
    let choice = try #require(samples.choice.flatMap(TokenizerChoice.init))
    let tokenizer = try TextTokenizer(files: .memory(samples.tokenizerFiles()))
    #expect(tokenizer.choice == choice)
    #expect(tokenizer.tokenCount == samples.tokenCount)
    #expect(samples.cases.count == 60)
    for sample in samples.cases {
      #expect(tokenizer.encode(sample.text) == sample.ids, "\(sample.text.debugDescription)")
      #expect(tokenizer.encode(sample.text, addingSpecialTokens: false) == sample.idsNoSpecial)
    }
    #expect(samples.decodeCases.count == 70)
    for sample in samples.decodeCases {
      let skip = try #require(sample.skip)
      let keep = try #require(sample.keep)
      #expect(same(tokenizer.decode(sample.ids, skippingSpecialTokens: true), skip), "\(sample.ids)")
      #expect(same(tokenizer.decode(sample.ids, skippingSpecialTokens: false), keep), "\(sample.ids)")
    }
  }
}
