import Testing
import TextTokenizer

/// The reference's tokens and texts for the fixtures' tokenizers.
@Suite struct GoldenTokensTests {
  static let folders = ["fusion-phi-tiny", "fusion-x-llama-tiny", "phi-tokenizer-prepend"]

  @Test(arguments: folders)
  func pipelineEncodes(_ folder: String) throws {
    let tokenizer = try TextTokenizer(files: .fixture(folder), choice: .fast)
    let cases = try TokenizerSamples.read(folder).cases
    #expect(cases.count >= 80)
    for sample in cases {
      #expect(tokenizer.encode(sample.text) == sample.ids, "\(sample.text.debugDescription)")
      #expect(tokenizer.encode(sample.text, addingSpecialTokens: false) == sample.idsNoSpecial)
    }
  }

  @Test(arguments: folders)
  func pipelineDecodes(_ folder: String) throws {
    let tokenizer = try TextTokenizer(files: .fixture(folder), choice: .fast)
    let samples = try TokenizerSamples.read(folder)
    let all = samples.cases.map { ($0.ids, $0.decode) } + samples.decodeCases.map { ($0.ids, $0.decode) }
    for (ids, texts) in all {
      let texts = try #require(texts)
      #expect(same(tokenizer.decode(ids, skippingSpecialTokens: true, cleaningUp: false), texts.skip))
      #expect(same(tokenizer.decode(ids, skippingSpecialTokens: false, cleaningUp: false), texts.keep))
    }
  }

  @Test(arguments: folders.dropLast())
  func referenceEncodes(_ folder: String) throws {
    let tokenizer = try TextTokenizer(files: .fixture(folder))
    for sample in try TokenizerSamples.read(folder).cases {
      #expect(tokenizer.encode(sample.text) == sample.originalIds, "\(sample.text.debugDescription)")
    }
  }

  @Test(arguments: folders.dropLast())
  func referenceDecodes(_ folder: String) throws {
    let tokenizer = try TextTokenizer(files: .fixture(folder))
    let samples = try TokenizerSamples.read(folder)
    let all =
      samples.cases.map { ($0.originalIds, $0.originalDecode) }
      + samples.decodeCases.map { ($0.ids, $0.originalDecode) }
    for (ids, texts) in all {
      let ids = try #require(ids)
      let texts = try #require(texts)
      #expect(same(tokenizer.decode(ids, skippingSpecialTokens: true), texts.skip), "\(ids)")
      #expect(same(tokenizer.decode(ids, skippingSpecialTokens: false), texts.keep), "\(ids)")
    }
  }

  @Test(arguments: folders.dropLast())
  func promptsGetPlaceholders(_ folder: String) throws {
    let reference = try TextTokenizer(files: .fixture(folder))
    let pipeline = try TextTokenizer(files: .fixture(folder), choice: .fast)
    let cases = try #require(try TokenizerSamples.read(folder).imageTokenCases)
    #expect(cases.count == 8)
    for sample in cases {
      #expect(reference.encodePrompt(sample.prompt) == sample.originalIds, "\(sample.prompt)")
      #expect(pipeline.encodePrompt(sample.prompt) == sample.ids, "\(sample.prompt)")
    }
  }

  @Test func factsAboutThePhiTokenizer() throws {
    let tokenizer = try TextTokenizer(files: .fixture("fusion-phi-tiny"))
    #expect(tokenizer.choice == .slow)
    #expect(tokenizer.tokenCount == 800)
    #expect(tokenizer.beginToken == 1)
    #expect(tokenizer.identifier(of: "<|end|>") == 794)
    #expect(tokenizer.identifier(of: "no such token") == nil)
    #expect(tokenizer.isSpecial(798))
    #expect(!tokenizer.isSpecial(794), "it has no role, so the reference keeps it")
    #expect(tokenizer.summary.contains("tokenizer.model"))
    #expect(try TextTokenizer(files: .fixture("fusion-phi-tiny"), choice: .fast).isSpecial(794))
  }

  @Test func factsAboutTheLlamaTokenizer() throws {
    let tokenizer = try TextTokenizer(files: .fixture("fusion-x-llama-tiny"))
    #expect(tokenizer.choice == .fast)
    #expect(tokenizer.tokenCount == 900)
    #expect(tokenizer.beginToken == 887)
    #expect(tokenizer.cleansUp)
    #expect(tokenizer.identifier(of: "<|eot_id|>") == 896)
    #expect(tokenizer.isSpecial(896))
    #expect(!tokenizer.isSpecial(0))
  }
}
