import Testing
import TextTokenizer

/// Single parts of a `tokenizer.json`, on vocabularies small enough to follow by hand.
@Suite struct PipelineTests {
  private func encode(_ text: String, _ change: (inout PipelineSource) -> Void = { _ in }) throws -> [Int] {
    var source = PipelineSource()
    change(&source)
    return try TextTokenizer(files: .texts(["tokenizer.json": try source.text])).encode(text)
  }

  @Test func mergesHappenByRank() throws {
    #expect(try encode("abc") == [5])
    #expect(try encode("abc") { $0.merges = [["b", "c"], ["a", "b"], ["ab", "c"]] } == [1, 6])
    #expect(try encode("abc") { $0.merges = ["a b", "ab c"] } == [5])
    #expect(try encode("abc") { $0.merges = [String]() } == [1, 2, 3])
  }

  @Test func wordsOfTheVocabularyAreTakenWholeWhereToldSo() throws {
    #expect(
      try encode("abc") {
        $0.merges = [String](); $0.model["ignore_merges"] = true
      } == [5])
  }

  @Test func whatIsUnknownIsFusedOnlyWhereToldSo() throws {
    #expect(try encode("xya") == [0, 0, 1])
    #expect(try encode("xya") { $0.model["fuse_unk"] = true } == [0, 1])
    #expect(try encode("xya") { $0.model["unk_token"] = nil } == [1])
  }

  @Test func textsAreComparedByCharacterNotByAppearance() throws {
    #expect(try encode("\u{E9}") == [9])
    #expect(try encode("e\u{301}") == [0, 0], "canonically equivalent, but other characters")
  }

  @Test func bytesStandInForUnknownCharacters() throws {
    let ids = try encode("ñx") { source in
      source.model["byte_fallback"] = true
      source.vocabulary["<0xC3>"] = 20
      source.vocabulary["<0xB1>"] = 21
    }
    #expect(ids == [20, 21, 0], "the byte of x is not in the vocabulary")
  }

  @Test(arguments: [("first", [8, 7, 2]), ("always", [8, 7, 2]), ("never", [1, 7, 2])])
  func metaspacePutsTheSignInFront(_ scheme: String, _ expected: [Int]) throws {
    let ids = try encode("a b") { source in
      source.parts["pre_tokenizer"] = ["type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme]
    }
    #expect(ids == expected)
  }

  @Test(arguments: [("first", [8, 30, 1]), ("always", [8, 30, 8]), ("never", [1, 30, 1])])
  func onlyTheFirstPieceIsFirst(_ scheme: String, _ expected: [Int]) throws {
    let ids = try encode("a<t>a") { source in
      source.parts["pre_tokenizer"] = ["type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme]
      source.parts["added_tokens"] = [PipelineSource.added("<t>", id: 30)]
      source.vocabulary["<t>"] = 30
    }
    #expect(ids == expected)
  }

  @Test func normalizersPrependAndReplace() throws {
    let ids = try encode("a a") { source in
      source.parts["normalizer"] = [
        "type": "Sequence",
        "normalizers": [
          ["type": "Prepend", "prepend": "▁"],
          ["type": "Replace", "pattern": ["String": " "], "content": "▁"],
        ],
      ]
    }
    #expect(ids == [8, 8])
  }

  @Test(arguments: [
    ([], "a <t> b", [1, 0, 10, 0, 2]), (["rstrip"], "a <t> b", [1, 0, 10, 2]), (["lstrip"], "a <t> b", [1, 10, 0, 2]),
    (["lstrip", "rstrip"], "a \n<t>\u{3000}b", [1, 10, 2]), (["single_word"], "<t> <t>", [10, 0, 10]),
    (["single_word"], "a<t>b", [1, 0, 0, 0, 2]), (["single_word"], "_<t>", [0, 0, 0, 0]),
  ])
  func addedTokensTakeWhatTheirFlagsSay(_ flags: [String], _ text: String, _ expected: [Int]) throws {
    let ids = try encode(text) { source in
      var token = PipelineSource.added("<t>", id: 10)
      for flag in flags { token[flag] = true }
      source.parts["added_tokens"] = [token]
    }
    #expect(ids == expected)
  }

  @Test func theLongestAddedTokenWins() throws {
    let ids = try encode("<t><tt>") { source in
      source.parts["added_tokens"] = [PipelineSource.added("<t", id: 10), PipelineSource.added("<t>", id: 11)]
    }
    #expect(ids == [11, 10, 0, 0])
  }

  @Test func templatesPutTokensAround() throws {
    var source = PipelineSource()
    source.parts["post_processor"] = [
      "type": "TemplateProcessing",
      "single": [
        ["SpecialToken": ["id": "c", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
        ["SpecialToken": ["id": "c", "type_id": 0]],
      ],
      "special_tokens": ["c": ["id": "c", "ids": [3], "tokens": ["c"]]],
    ]
    let tokenizer = try TextTokenizer(files: .texts(["tokenizer.json": try source.text]))
    #expect(tokenizer.encode("a") == [3, 1, 3])
    #expect(tokenizer.encode("a", addingSpecialTokens: false) == [1])
    #expect(tokenizer.encode("") == [3, 3])
  }

  @Test(arguments: [
    ("Isolated", [1, 2, 1]), ("Removed", [1, 1]), ("MergedWithPrevious", [4, 1]), ("MergedWithNext", [1, 11]),
    ("Contiguous", [1, 2, 1]),
  ])
  func splitsTreatTheirMatches(_ behavior: String, _ expected: [Int]) throws {
    let ids = try encode("aba") { source in
      source.parts["pre_tokenizer"] = [
        "type": "Split", "pattern": ["String": "b"], "behavior": behavior, "invert": false,
      ]
      source.vocabulary["ba"] = 11
      source.merges = [["a", "b"], ["b", "a"]]
    }
    #expect(ids == expected)
  }
}
