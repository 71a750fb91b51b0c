import FusionCore
import TestSupport
import Testing
import TextTokenizer

/// `tokenizer.json` files that must be refused, each for its own reason.
@Suite struct HostilePipelineTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let code: FusionError.Code
    let text: String
    var testDescription: String { name }

    init(_ name: String, _ code: FusionError.Code, _ text: String) {
      (self.name, self.code, self.text) = (name, code, text)
    }
  }

  private static func model(_ fields: String) -> String { #"{"model": {"type": "BPE", \#(fields)}}"# }

  private static func part(_ name: String, _ text: String) -> String {
    #"{"\#(name)": \#(text), "model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}"#
  }

  static let cases = [
    Case("not JSON", .jsonSyntax, "{"),
    Case("no model", .tokenizerWrongField, "{}"),
    Case("model twice", .tokenizerWrongField, #"{"model": {"vocab": {}}, "model": {"vocab": {}}}"#),
    Case("deep nesting", .jsonTooDeep, String(repeating: #"{"a":"#, count: 100)),
    Case("Unigram", .tokenizerUnsupported, #"{"model": {"type": "Unigram", "vocab": []}}"#),
    Case("WordPiece", .tokenizerUnsupported, #"{"model": {"type": "WordPiece", "vocab": {"a": 0}}}"#),
    Case("identifier twice", .tokenizerBadVocabulary, model(#""vocab": {"a": 0, "b": 0}"#)),
    Case("token twice", .tokenizerBadVocabulary, model(#""vocab": {"a": 0, "a": 1}"#)),
    Case("huge identifier", .tokenizerBadVocabulary, model(#""vocab": {"a": 4294967296}"#)),
    Case("negative identifier", .jsonNotUnsigned, model(#""vocab": {"a": -1}"#)),
    Case("merge of unknown tokens", .tokenizerBadMerge, model(#""vocab": {"a": 0, "ab": 1}, "merges": ["a b"]"#)),
    Case("merge into an unknown token", .tokenizerBadMerge, model(#""vocab": {"a": 0, "b": 1}, "merges": ["a b"]"#)),
    Case("merge of three", .tokenizerBadMerge, model(#""vocab": {"a": 0}, "merges": ["a a a"]"#)),
    Case("merge of three in a list", .tokenizerBadMerge, model(#""vocab": {"a": 0}, "merges": [["a", "a", "a"]]"#)),
    Case("merge of one", .tokenizerBadMerge, model(#""vocab": {"a": 0}, "merges": [["a"]]"#)),
    Case("dropout", .tokenizerUnsupported, model(#""vocab": {"a": 0}, "dropout": 0.1"#)),
    Case("word prefix", .tokenizerUnsupported, model(#""vocab": {"a": 0}, "continuing_subword_prefix": "@@""#)),
    Case("word suffix", .tokenizerUnsupported, model(#""vocab": {"a": 0}, "end_of_word_suffix": "</w>""#)),
    Case("unknown token that is none", .tokenizerWrongField, model(#""vocab": {"a": 0}, "unk_token": "b""#)),
    Case("normalizer", .tokenizerUnsupported, part("normalizer", #"{"type": "Lowercase"}"#)),
    Case(
      "normalizer with an expression", .tokenizerUnsupported,
      part("normalizer", #"{"type": "Replace", "pattern": {"Regex": "a+"}, "content": ""}"#)),
    Case("pre-tokenizer", .tokenizerUnsupported, part("pre_tokenizer", #"{"type": "Whitespace"}"#)),
    Case(
      "split without a text", .tokenizerWrongField,
      part("pre_tokenizer", #"{"type": "Split", "pattern": {"String": ""}, "behavior": "Isolated"}"#)),
    Case(
      "unknown behavior", .tokenizerWrongField,
      part("pre_tokenizer", #"{"type": "Split", "pattern": {"String": "a"}, "behavior": "Explode"}"#)),
    Case(
      "contradictory Metaspace", .tokenizerWrongField,
      part("pre_tokenizer", #"{"type": "Metaspace", "replacement": "▁", "add_prefix_space": false}"#)),
    Case("post-processor", .tokenizerUnsupported, part("post_processor", #"{"type": "BertProcessing"}"#)),
    Case(
      "template that repeats the text", .tokenizerWrongField,
      part(
        "post_processor",
        #"{"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}, {"Sequence": {"id": "A"}}]}"#)),
    Case(
      "template with a token that is none", .tokenizerWrongField,
      part("post_processor", #"{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "x"}}]}"#)),
    Case("decoder", .tokenizerUnsupported, part("decoder", #"{"type": "CTC"}"#)),
    Case("nameless component", .tokenizerWrongField, part("decoder", "{}")),
    Case("component that is a list", .tokenizerWrongField, part("decoder", "[]")),
    Case(
      "added token that is long", .tokenizerBadAddedToken,
      part("added_tokens", #"[{"id": 1, "content": "\#(String(repeating: "x", count: 2000))"}]"#)),
    Case("added token without an identifier", .tokenizerWrongField, part("added_tokens", #"[{"content": "x"}]"#)),
  ]

  @Test(arguments: cases)
  func isRefused(_ sample: Case) throws {
    let error = try #require(try refusal(.texts(["tokenizer.json": sample.text])))
    #expect(error.code == sample.code)
    #expect(error.file == "memory/tokenizer.json")
    #expect(error.place != nil && error.expected != nil && error.found != nil && error.remedy != nil)
  }

  @Test func unsupportedComponentsAreNamed() throws {
    let text = HostilePipelineTests.part("normalizer", #"{"type": "Sequence", "normalizers": [{"type": "NFKD"}]}"#)
    let error = try #require(try refusal(.texts(["tokenizer.json": text])))
    #expect(error.place == "normalizer.normalizers[0]")
    #expect(error.found == "NFKD")
  }

  @Test func gapsInTheVocabularyAreAllowed() throws {
    let text = HostilePipelineTests.model(#""vocab": {"a": 0, "b": 2147483647}, "merges": []"#)
    let tokenizer = try TextTokenizer(files: .texts(["tokenizer.json": text]))
    #expect(tokenizer.encode("ab") == [0, 2_147_483_647])
    #expect(tokenizer.decode([0, 1, 2_147_483_647], skippingSpecialTokens: true) == "a b")
  }

  @Test func damagedFilesGiveErrorsOrTokenizersThatWork() throws {
    let text = HostilePipelineTests.part(
      "pre_tokenizer", #"{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first"}"#)
    var random = SplitMix64(seed: 4)
    var refused = 0
    for _ in 0..<2000 {
      var bytes = Array(text.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
      }
      do {
        let tokenizer = try TextTokenizer(files: .memory(["tokenizer.json": bytes]))
        let ids = tokenizer.encode("a b")
        #expect(ids.allSatisfy { $0 >= 0 })
      } catch is FusionError {
        refused += 1
      }
    }
    #expect(refused > 500)
  }
}
