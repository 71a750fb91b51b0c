import FusionCore
import TestSupport
import Testing
import TextTokenizer

/// `tokenizer.model` files that must be refused, each for its own reason.
@Suite struct HostileSentencePieceTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let code: FusionError.Code
    let bytes: [UInt8]
    var testDescription: String { name }

    init(_ name: String, _ code: FusionError.Code, _ change: (inout SentencePieceSource) -> Void) {
      var source = SentencePieceSource()
      change(&source)
      self.init(name, code, bytes: source.bytes)
    }

    init(_ name: String, _ code: FusionError.Code, bytes: [UInt8]) {
      (self.name, self.code, self.bytes) = (name, code, bytes)
    }
  }

  /// A table of replacements with one unit and a text.
  private static func map(size: [UInt8], units: [UInt8], texts: [UInt8]) -> [UInt8] { size + units + texts }

  static let cases = [
    Case("unigram", .tokenizerUnsupported) { $0.modelType = 1 },
    Case("unknown model type", .tokenizerUnsupported) { $0.modelType = 9 },
    Case("denormalizer", .tokenizerUnsupported) { $0.denormalizer = [1, 2, 3] },
    Case("empty piece", .tokenizerBadVocabulary) { $0.pieces[3].text = [] },
    Case("piece twice", .tokenizerBadVocabulary) { $0.pieces.append(.init("ab")) },
    Case("score that is no number", .tokenizerBadVocabulary) { $0.pieces[3].score = .nan },
    Case("two unknown tokens", .tokenizerBadVocabulary) { $0.pieces[3].type = 2 },
    Case("no unknown token", .tokenizerBadVocabulary) { $0.pieces.removeFirst() },
    Case("no pieces", .tokenizerBadVocabulary) { $0.pieces = [] },
    Case("bytes without fallback", .tokenizerBadVocabulary) { $0.pieces.append(.init("<0x00>", type: 6)) },
    Case("fallback without bytes", .tokenizerBadVocabulary) { $0.byteFallback = true },
    Case("byte with another name", .tokenizerBadVocabulary) {
      $0.byteFallback = true
      $0.pieces.append(.init("<0xzz>", type: 6))
    },
    Case("unknown type of piece", .tokenizerMalformedModel) { $0.pieces[3].type = 77 },
    Case("piece that is not UTF-8", .tokenizerMalformedModel) { $0.pieces[3].text = [0xFF, 0xFE] },
    Case("field beyond the end", .tokenizerMalformedModel, bytes: [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]),
    Case("length of 2^63", .tokenizerMalformedModel, bytes: [0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01]),
    Case("number of 70 bits", .tokenizerMalformedModel, bytes: [0x08] + [UInt8](repeating: 0xFF, count: 10)),
    Case("number cut off", .tokenizerMalformedModel, bytes: [0x08, 0x80]),
    Case("fixed number cut off", .tokenizerMalformedModel, bytes: [0x0D, 1, 2]),
    Case("group", .tokenizerMalformedModel, bytes: [0x0B]),
    Case("field number 0", .tokenizerMalformedModel, bytes: [0x00, 0x00]),
    Case("map with a size beyond it", .tokenizerMalformedModel) {
      $0.normalizer = [(2, map(size: [0xFF, 0xFF, 0xFF, 0x7F], units: [0, 0, 0, 0], texts: []))]
    },
    Case("map that is empty", .tokenizerMalformedModel) { $0.normalizer = [(2, [0, 0, 0, 0])] },
    Case("map with odd units", .tokenizerMalformedModel) {
      $0.normalizer = [(2, map(size: [3, 0, 0, 0], units: [0, 0, 0], texts: []))]
    },
    Case("map that leads outside", .tokenizerMalformedModel) {
      $0.normalizer = [(2, map(size: [4, 0, 0, 0], units: [0xFF, 0xFF, 0, 0x80], texts: [0]))]
    },
    Case("map that leads into a character", .tokenizerMalformedModel) {
      $0.normalizer = [(2, map(size: [4, 0, 0, 0], units: [1, 0, 0, 0x80], texts: [0xC3, 0xA9, 0]))]
    },
    Case("map with a long text", .tokenizerMalformedModel) {
      $0.normalizer = [
        (2, map(size: [4, 0, 0, 0], units: [0, 0, 0, 0], texts: [UInt8](repeating: 0x61, count: 2000)))
      ]
    },
  ]

  @Test(arguments: cases)
  func isRefused(_ sample: Case) throws {
    let error = try #require(try refusal(.memory(["tokenizer.model": sample.bytes])))
    #expect(error.code == sample.code)
    #expect(error.file == "memory/tokenizer.model")
    #expect(error.place != nil && error.expected != nil && error.found != nil && error.remedy != nil)
  }

  @Test func theUnchangedSampleIsAccepted() throws {
    #expect(try refusal(.memory(["tokenizer.model": SentencePieceSource().bytes])) == nil)
  }

  @Test func damagedFilesGiveErrorsOrTokenizersThatWork() throws {
    let original = SentencePieceSource().bytes
    var random = SplitMix64(seed: 3)
    var refused = 0
    for _ in 0..<2000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      }
      if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      do {
        let tokenizer = try TextTokenizer(files: .memory(["tokenizer.model": bytes]))
        let ids = tokenizer.encode("ab <u>é a")
        #expect(ids.allSatisfy { (0..<tokenizer.tokenCount).contains($0) })
      } catch is FusionError {
        refused += 1
      }
    }
    #expect(refused > 500)
  }
}
