import FusionCore
import FusionRuntime
import TestSupport
import Testing
import WeightGraph

/// The decoder against one that is written the long way.
@Suite struct DecoderTests {
  /// A kind of decoder.
  struct Variant: Sendable, CustomTestStringConvertible {
    let type: String
    let fields: [String: String]
    var testDescription: String { "\(type) \(fields.sorted { $0.key < $1.key })" }
  }

  static let variants = [
    Variant(type: "llama", fields: [:]),
    Variant(type: "llama", fields: ["num_key_value_heads": "1", "head_dim": "6"]),
    Variant(type: "phi3", fields: ["num_key_value_heads": "4"]),
    Variant(type: "phi3", fields: ["sliding_window": "7"]),
    Variant(type: "phi3", fields: ["sliding_window": "64", "num_hidden_layers": "1"]),
    Variant(type: "phi3", fields: ["sliding_window": "1"]),
  ]

  @Test(arguments: variants, [1, 2, 63, 64, 65, 200])
  func agreesWithThePlainDecoder(variant: Variant, length: Int) throws {
    let weights = MemoryWeights(try SmallModels.language(variant.type, variant.fields), seed: 3)
    let tokens = Self.tokens(length)
    let found = try Self.logits(weights, tokens, passes: [length])
    let frequencies = PlainDecoder.frequencies(weights.configuration.language)
    let plain = PlainDecoder(weights: weights) { _ in frequencies }.logits(tokens, passes: [length])
    try Self.expectClose(found, plain)
  }

  @Test(arguments: variants, [[69, 1], [1, 69], [40, 30], [63, 1, 1, 1, 4], [3, 65, 2]])
  func passesOfAnyLengthsGiveTheSame(variant: Variant, passes: [Int]) throws {
    let weights = MemoryWeights(try SmallModels.language(variant.type, variant.fields), seed: 4)
    let tokens = Self.tokens(70)
    let whole = try Self.logits(weights, tokens, passes: [70])
    let pieces = try Self.logits(weights, tokens, passes: passes)
    try Self.expectClose(pieces, whole.map { $0.map(Double.init) })
  }

  @Test func tokensBeyondTheEmbeddingAreRefused() throws {
    let language = try Self.model(MemoryWeights(try SmallModels.language("llama"), seed: 1))
    #expect(try language.embed([0, 49]).rowCount == 2)
    for token in [50, -1, -200, Int.max] {
      let error = #expect(throws: FusionError.self) { try language.embed([3, token]) }
      #expect(error?.code == .tokenOutOfRange && error?.place == "token 1" && error?.found == "\(token)")
    }
  }

  @Test func noTokensAreNoWork() throws {
    let language = try Self.model(MemoryWeights(try SmallModels.language("llama"), seed: 1))
    let cache = language.makeCache(capacity: 0)
    let x = try language.embed([])
    try language.forward(x, start: 0, cache: cache)
    #expect(x.rowCount == 0 && cache.byteCount == 0)
  }

  static func tokens(_ count: Int) -> [Int] {
    var generator = SplitMix64(seed: 11)
    return (0..<count).map { _ in Int.random(in: 0..<50, using: &generator) }
  }

  static func model(_ weights: MemoryWeights) throws -> LanguageModel {
    try LanguageModel(weights, residency: .streamed, context: try SmallModels.context())
  }

  static func logits(_ weights: MemoryWeights, _ tokens: [Int], passes: [Int]) throws -> [[Float]] {
    let language = try model(weights)
    let cache = language.makeCache(capacity: tokens.count)
    var rows: [[Float]] = []
    for count in passes {
      let x = try language.embed(Array(tokens[rows.count..<(rows.count + count)]))
      try language.forward(x, start: rows.count, cache: cache)
      let logits = try language.logits(x, rows: 0..<count).logits
      rows += (0..<count).map(logits.row)
    }
    return rows
  }

  static func expectClose(_ found: [[Float]], _ expected: [[Double]], within bound: Double = 2e-5) throws {
    try #require(found.count == expected.count && found.map(\.count) == expected.map(\.count))
    let peak = expected.joined().map(abs).max() ?? 0
    let worst = zip(found.joined(), expected.joined()).reduce(0) { result, pair in
      let difference = abs(Double(pair.0) - pair.1)
      return difference.isNaN ? .infinity : max(result, difference)
    }
    #expect(peak > 0.5 && worst <= bound * peak, "\(worst) of \(peak)")
  }
}
