import Foundation
import SyntheticData
import TestSupport
import Testing

@Suite struct SyntheticTokenizerTests {
  private func file(_ name: String, of tokenizer: SyntheticTokenizer) throws -> [UInt8] {
    try #require(tokenizer.files.first { $0.name == name }).bytes
  }

  @Test(arguments: [
    ("tiny-fusion-3b", "fusion-phi-tiny", "added_tokens.json"),
    ("tiny-fusion-3b", "fusion-phi-tiny", "tokenizer_config.json"),
    ("tiny-fusion-3b", "fusion-phi-tiny", "special_tokens_map.json"),
    ("tiny-fusion-x-8b", "fusion-x-llama-tiny", "tokenizer_config.json"),
    ("tiny-fusion-x-8b", "fusion-x-llama-tiny", "special_tokens_map.json"),
  ])
  func smallFilesAreThoseOfTheFixtures(preset: String, fixture: String, name: String) throws {
    let tokenizer = try #require(CheckpointPreset(name: preset)).tokenizer
    let expected = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(fixture)/\(name)")))
    #expect(try String(decoding: file(name, of: tokenizer), as: UTF8.self) == String(decoding: expected, as: UTF8.self))
  }

  @Test(arguments: [400, 898, 4096, 32_000, 128_256])
  func everyIdOfAByteLevelVocabularyIsFilled(count: Int) throws {
    let tokenizer = SyntheticTokenizer(layout: .byteLevel, tokenCount: count, hasVisionTokens: true)
    let bytes = try file("tokenizer.json", of: tokenizer)
    let fields = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    let model = try #require(fields["model"] as? [String: Any])
    let vocabulary = try #require(model["vocab"] as? [String: Int])
    let added = try #require(fields["added_tokens"] as? [[String: Any]])
    let ids = vocabulary.values.sorted() + added.compactMap { $0["id"] as? Int }
    #expect(ids == Array(0..<(count + 2)))
    let merges = try #require(model["merges"] as? [[String]])
    #expect(merges.count == vocabulary.count - 256)
    #expect(
      merges.allSatisfy { vocabulary[$0[0]] != nil && vocabulary[$0[1]] != nil && vocabulary[$0.joined()] != nil })
  }

  @Test func allButPiecesIsThatOfTheFixture() throws {
    let tokenizer = try #require(CheckpointPreset(name: "tiny-fusion-x-8b")).tokenizer
    let fixture = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("fusion-x-llama-tiny/tokenizer.json")))
    var sides: [NSDictionary] = []
    for bytes in [Data(try file("tokenizer.json", of: tokenizer)), fixture] {
      var fields = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
      var model = try #require(fields["model"] as? [String: Any])
      model["vocab"] = nil
      model["merges"] = nil
      fields["model"] = model
      sides.append(fields as NSDictionary)
    }
    #expect(sides[0] == sides[1])
  }

  @Test(arguments: [SyntheticTokenizer.Layout.sentencePiece, .byteLevel])
  func equalArgumentsGiveEqualFiles(layout: SyntheticTokenizer.Layout) {
    let files = (0..<2).map { _ in
      SyntheticTokenizer(layout: layout, tokenCount: 5000, hasVisionTokens: false).files
    }
    #expect(files[0].map(\.name) == files[1].map(\.name))
    #expect(files[0].map(\.bytes) == files[1].map(\.bytes))
    let text = files[0].map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    #expect(!text.contains("<vision_"))
  }
}
