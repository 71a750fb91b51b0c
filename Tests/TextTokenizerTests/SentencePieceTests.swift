import Testing
import TextTokenizer

/// A SentencePiece model that is small enough to follow by hand.
@Suite struct SentencePieceTests {
  private func tokenizer(
    _ source: SentencePieceSource = SentencePieceSource(), configuration: String = #"{"legacy": false}"#
  ) throws -> TextTokenizer {
    try TextTokenizer(
      files: .memory(["tokenizer.model": source.bytes, "tokenizer_config.json": Array(configuration.utf8)]))
  }

  @Test func bestScoreMergesFirst() throws {
    #expect(try tokenizer().encode("ab") == [1, 6, 5], "a joins b before the space joins a")
    var source = SentencePieceSource()
    source.pieces[7].score = -2
    #expect(try tokenizer(source).encode("ab") == [1, 7, 4])
  }

  @Test func runsOfUnknownCharactersAreOneToken() throws {
    #expect(try tokenizer().encode("xyza") == [1, 6, 0, 3])
  }

  @Test func userDefinedPiecesAreNeverSplitOrMerged() throws {
    #expect(try tokenizer().encode("a<u>b") == [1, 7, 9, 4])
  }

  @Test func unusedPiecesAreTakenApart() throws {
    var source = SentencePieceSource()
    #expect(try tokenizer(source).encode("babb") == [1, 6, 4, 8])
    source.pieces[8].type = 5
    #expect(try tokenizer(source).encode("babb") == [1, 6, 4, 5, 4])
  }

  @Test func thePrefixIsDroppedBeforeATokenWithARole() throws {
    let tokenizer = try tokenizer(
      configuration: #"""
        {"legacy": false, "additional_special_tokens": ["<role>"],
         "added_tokens_decoder": {"0": {"content": "<unk>", "special": true}, "1": {"content": "<s>", "special": true},
           "2": {"content": "</s>", "special": true}, "10": {"content": "<role>", "special": true},
           "11": {"content": "<other>", "special": true}}}
        """#)
    #expect(tokenizer.encode("<role>a") == [1, 10, 3])
    #expect(tokenizer.encode("<other>a") == [1, 6, 11, 3])
    #expect(tokenizer.tokenCount == 12)
    #expect(tokenizer.decode([3, 11, 3], skippingSpecialTokens: true) == "a <other> a")
    #expect(tokenizer.decode([3, 10, 3], skippingSpecialTokens: true) == "aa")
  }

  @Test func settingsOfTheConfigurationCount() throws {
    #expect(
      try tokenizer(configuration: #"{"legacy": false, "add_bos_token": false, "add_eos_token": true}"#)
        .encode("a") == [7, 2])
    #expect(try tokenizer(configuration: #"{"legacy": false, "add_prefix_space": false}"#).encode("a") == [1, 3])
    #expect(try tokenizer(configuration: "{}").encode("<u>a") == [1, 6, 9, 3], "legacy: the model adds the space")
  }

  @Test func olderFilesAreReadWhereTheConfigurationListsNoTokens() throws {
    let files = [
      "tokenizer.model": SentencePieceSource().bytes, "tokenizer_config.json": Array(#"{"legacy": false}"#.utf8),
      "added_tokens.json": Array(#"{"<x>": 10}"#.utf8),
      "special_tokens_map.json": Array(
        #"{"additional_special_tokens": ["<x>"], "eos_token": {"content": "<x>"}}"#.utf8),
    ]
    let tokenizer = try TextTokenizer(files: .memory(files))
    #expect(tokenizer.encode("<x>a") == [1, 10, 3])
    #expect(tokenizer.isSpecial(10))
    #expect(tokenizer.tokenCount == 11)
  }

  @Test func longLinesWithoutSpacesAreEncodedToTheEnd() throws {
    let text = String(repeating: "ab", count: 200_000)
    let ids = try tokenizer().encode(text, addingSpecialTokens: false)
    #expect(ids.count == 200_001)
    #expect(ids.dropFirst().allSatisfy { $0 == 5 })
  }
}
