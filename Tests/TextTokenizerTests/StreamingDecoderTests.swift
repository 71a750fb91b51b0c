import TestSupport
import Testing
import TextTokenizer

/// What a streaming decoder puts out, joined, is the decoded text, and never holds half a character.
@Suite struct StreamingDecoderTests {
  /// A tokenizer of the fixtures or of the variants, by name.
  private static func tokenizer(_ name: String) throws -> TextTokenizer {
    if name.hasPrefix("variant-") {
      return try TextTokenizer(files: .memory(try TokenizerSamples.read(name).tokenizerFiles()))
    }
    let parts = name.split(separator: ":").map(String.init)
    return try TextTokenizer(
      files: .fixture(parts[0]), choice: parts.count > 1 ? TokenizerChoice(rawValue: parts[1]) : nil)
  }

  static let names =
    ["fusion-phi-tiny:slow", "fusion-phi-tiny:fast", "fusion-x-llama-tiny", "phi-tokenizer-prepend"]
    + VariantTokensTests.names.map { "variant-\($0)" }

  @Test(arguments: names)
  func piecesJoinToTheWhole(_ name: String) throws {
    let tokenizer = try StreamingDecoderTests.tokenizer(name)
    var random = SplitMix64(seed: 7)
    for round in 0..<300 {
      let limit = round.isMultiple(of: 2) ? tokenizer.tokenCount : min(260, tokenizer.tokenCount)
      let ids = (0..<Int.random(in: 0...20, using: &random)).map { _ in Int.random(in: -2..<(limit + 2), using: &random)
      }
      for skips in [true, false] {
        for cleans in [true, false] {
          var decoder = tokenizer.streamingDecoder(skippingSpecialTokens: skips, cleaningUp: cleans)
          var joined = ""
          for id in ids { joined += decoder.append(id) }
          joined += decoder.finish()
          #expect(same(joined, tokenizer.decode(ids, skippingSpecialTokens: skips, cleaningUp: cleans)), "\(ids)")
        }
      }
    }
  }

  @Test(arguments: ["fusion-phi-tiny:slow", "fusion-phi-tiny:fast", "fusion-x-llama-tiny"])
  func charactersComeWhole(_ name: String) throws {
    let tokenizer = try StreamingDecoderTests.tokenizer(name)
    let text = "x😀é中👨‍👩‍👧y"
    let ids = tokenizer.encode(text)
    #expect(ids.count > 15, "the characters must be split into bytes for this to mean anything")
    var decoder = tokenizer.streamingDecoder(skippingSpecialTokens: true)
    var pieces = ids.map { decoder.append($0) }
    pieces.append(decoder.finish())
    #expect(!pieces.contains { $0.unicodeScalars.contains("\u{FFFD}") })
    #expect(same(pieces.joined(), text))
  }

  @Test func slowDecoderGivesACharacterWithItsLastByte() throws {
    let tokenizer = try StreamingDecoderTests.tokenizer("fusion-phi-tiny:slow")
    let bytes = "😀".utf8.map { tokenizer.identifier(of: "<0x\(String($0, radix: 16, uppercase: true))>") }
    var decoder = tokenizer.streamingDecoder(skippingSpecialTokens: true)
    let pieces = try bytes.map { decoder.append(try #require($0)) }
    #expect(pieces == ["", "", "", "😀"])
    #expect(decoder.finish() == "")
  }

  @Test func brokenCharactersBecomeReplacements() throws {
    let tokenizer = try StreamingDecoderTests.tokenizer("fusion-x-llama-tiny")
    let ids = tokenizer.encode("😀", addingSpecialTokens: false)
    try #require(ids.count == 4)
    #expect(same(tokenizer.decode([ids[0]], skippingSpecialTokens: true), "\u{FFFD}"))
    #expect(same(tokenizer.decode([ids[0]] + ids, skippingSpecialTokens: true), "\u{FFFD}😀"))
  }

  @Test func spacesBeforePunctuationAreKeptBackAndRemoved() throws {
    let tokenizer = try StreamingDecoderTests.tokenizer("fusion-x-llama-tiny")
    let ids = tokenizer.encode("a . b n't c ' d", addingSpecialTokens: false)
    #expect(tokenizer.decode(ids, skippingSpecialTokens: true) == "a. bn't c'd")
    #expect(tokenizer.decode(ids, skippingSpecialTokens: true, cleaningUp: false) == "a . b n't c ' d")
    var decoder = tokenizer.streamingDecoder(skippingSpecialTokens: true)
    #expect(decoder.append(try #require(tokenizer.encode(" ", addingSpecialTokens: false).first)) == "")
    #expect(decoder.finish() == " ")
  }

  @Test(arguments: [-1, 800, 1_000_000, Int.max, Int.min])
  func unknownIdentifiersGiveNoText(_ id: Int) throws {
    for name in ["fusion-phi-tiny:slow", "fusion-phi-tiny:fast"] {
      let tokenizer = try StreamingDecoderTests.tokenizer(name)
      let ids = tokenizer.encode("cat", addingSpecialTokens: false)
      #expect(
        tokenizer.decode(ids + [id] + ids, skippingSpecialTokens: false)
          == tokenizer.decode(ids + ids, skippingSpecialTokens: false))
    }
  }
}
