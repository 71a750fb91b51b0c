import FusionCore
import Testing
import TextTokenizer

/// How the known regular expressions cut text. Each word of the expectation is an entry of the vocabulary, so that it
/// comes out whole exactly if the text is cut there.
@Suite struct SplitPatternTests {
  private static let llama3 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let qwen2 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// The pieces of a text, by marking each cut: an isolated split without a byte alphabet leaves words as they are.
  private func pieces(_ text: String, _ pattern: String, among words: [String]) throws -> [String] {
    var source = PipelineSource()
    var names = ["<unk>"]
    for word in words where !names.contains(where: { same($0, word) }) { names.append(word) }
    source.vocabulary = [:]
    for (id, name) in names.enumerated() { source.vocabulary[name] = id }
    source.merges = [String]()
    source.model["ignore_merges"] = true
    source.parts["pre_tokenizer"] = [
      "type": "Split", "pattern": ["Regex": pattern], "behavior": "Isolated", "invert": false,
    ]
    return try TextTokenizer(files: .texts(["tokenizer.json": try source.text])).encode(text).map { names[$0] }
  }

  @Test(arguments: [
    ["Hello", " world"], ["I", "'LL", " go"], ["x", "'ſ", "a"], ["don", "'t"], ["'", " sea"], ["a", "'s", "ea"],
    ["123", "456", "7"], ["a", "123", "b"], ["  ", " a"], ["a", "   "], [" ...", "\u{A0}a"], ["!?\n\n", "x"],
    [" \n \n", "  ", " x"], ["\r\n", "\t\t", "\tx"], ["٣٤٥", "½"], ["中文", "。", "字"], ["e", "\u{301}x"],
    ["(a", ")"], ["\n", " ", "1"],
  ])
  func llama3(_ words: [String]) throws {
    #expect(try pieces(words.joined(), SplitPatternTests.llama3, among: words) == words)
  }

  @Test(arguments: [["1", "2", "3"], ["a", "1", " b"], ["ab", "'RE", "\n"]])
  func qwen2(_ words: [String]) throws {
    #expect(try pieces(words.joined(), SplitPatternTests.qwen2, among: words) == words)
  }

  @Test(arguments: [
    ["Hello", " world"], ["I", "'", "LL"], ["don", "'t"], ["1234567", " 89"], ["  ", " a"], ["(", "a", ")."],
    ["a", "\n\n", "\n", "b"], ["\u{A0}", "a"],
  ])
  func gpt2(_ words: [String]) throws {
    #expect(try pieces(words.joined(), SplitPatternTests.gpt2, among: words) == words)
  }

  @Test func unknownPatternsAreRefusedByName() throws {
    var source = PipelineSource()
    source.parts["pre_tokenizer"] = [
      "type": "Split", "pattern": ["Regex": #"\w+|\s"#], "behavior": "Isolated", "invert": false,
    ]
    let error = try #require(try refusal(.texts(["tokenizer.json": try source.text])))
    #expect(error.code == .tokenizerUnknownPattern)
    #expect(error.found == #"\w+|\s"#)
    #expect(error.place == "pre_tokenizer.pattern.Regex")
    #expect(error.file == "memory/tokenizer.json")
  }
}
