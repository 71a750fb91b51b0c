import FusionCore
import Testing
import TextTokenizer

/// Which tokenizer is loaded, and what is said where there is none.
@Suite struct TokenizerChoiceTests {
  private static let pipeline = Array(#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}"#.utf8)
  private static let model = SentencePieceSource().bytes

  @Test func nothingThere() throws {
    let error = try #require(try refusal(.memory([:])))
    #expect(error.code == .missingTokenizer)
    #expect(error.code.category == .missingInput)
    #expect(error.file == "memory")
  }

  @Test(arguments: [(TokenizerChoice.slow, "tokenizer.json"), (.fast, "tokenizer.model")])
  func onlyTheOtherKindThere(_ choice: TokenizerChoice, _ file: String) throws {
    let bytes = choice == .slow ? TokenizerChoiceTests.pipeline : TokenizerChoiceTests.model
    let error = try #require(try refusal(.memory([file: bytes]), choice))
    #expect(error.code == .tokenizerKindMissing)
    #expect(error.expected == (choice == .slow ? "tokenizer.model" : "tokenizer.json"))
  }

  @Test(arguments: [("LlamaTokenizer", TokenizerChoice.slow), ("LlamaTokenizerFast", .fast)])
  func theConfiguredClassDecides(_ name: String, _ choice: TokenizerChoice) throws {
    let files = [
      "tokenizer.model": TokenizerChoiceTests.model, "tokenizer.json": TokenizerChoiceTests.pipeline,
      "tokenizer_config.json": Array(#"{"tokenizer_class": "\#(name)", "add_bos_token": false}"#.utf8),
    ]
    #expect(try TextTokenizer(files: .memory(files)).choice == choice)
    #expect(try TextTokenizer(files: .memory(files), choice: .slow).choice == .slow)
    #expect(try TextTokenizer(files: .memory(files), choice: .fast).choice == .fast)
    var withoutPipeline = files
    withoutPipeline["tokenizer.json"] = nil
    #expect(try TextTokenizer(files: .memory(withoutPipeline)).choice == .slow)
  }

  @Test(arguments: [
    (#"{"tokenizer_class": "T5Tokenizer"}"#, FusionError.Code.tokenizerUnsupported),
    (#"{"split_special_tokens": true}"#, .tokenizerUnsupported),
    (#"{"sp_model_kwargs": {"enable_sampling": true}}"#, .tokenizerUnsupported),
    (#"{"legacy": "no"}"#, .tokenizerWrongField), (#"{"bos_token": 1}"#, .tokenizerWrongField),
    (#"{"legacy": true, "legacy": true}"#, .tokenizerWrongField), (#"[]"#, .jsonWrongType),
    (#"{"added_tokens_decoder": {"x": {"content": "a"}}}"#, .tokenizerBadAddedToken),
    (#"{"added_tokens_decoder": {"99999999999": {"content": "a"}}}"#, .tokenizerBadAddedToken),
  ])
  func configurationsThatAreRefused(_ text: String, _ code: FusionError.Code) throws {
    let files = ["tokenizer.model": TokenizerChoiceTests.model, "tokenizer_config.json": Array(text.utf8)]
    let error = try #require(try refusal(.memory(files)))
    #expect(error.code == code)
    #expect(error.file == "memory/tokenizer_config.json")
  }

  @Test func filesBeyondTheLimitAreRefused() throws {
    let bytes = [UInt8](repeating: 0x20, count: TokenizerFiles.maximumByteCount + 1)
    let error = try #require(try refusal(.memory(["tokenizer.json": bytes])))
    #expect(error.code == .tokenizerFileTooLarge)
    #expect(error.file == "memory/tokenizer.json")
  }

  @Test func documentsOfTooManyValuesAreRefused() throws {
    let list = String(repeating: "0,", count: 1_000_001) + "0"
    let error = try #require(
      try refusal(.texts(["tokenizer.json": #"{"model": {"vocab": {}}, "extra": [\#(list)]}"#])))
    #expect(error.code == .tokenizerTooComplex)
  }
}
