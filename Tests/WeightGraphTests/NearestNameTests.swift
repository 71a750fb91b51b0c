import FusionCore
import TestSupport
import Testing
import WeightGraph

@Suite struct NearestNameTests {
  static let names = [
    "model.embed_tokens.weight", "model.layers.0.mlp.down_proj.weight", "model.layers.7.mlp.down_proj.weight",
    "model.layers.0.self_attn.q_proj.weight", "lm_head.weight",
  ]

  @Test(arguments: [
    ("model.layers.7.mlp.dwn_proj.weight", "model.layers.7.mlp.down_proj.weight"),
    ("model.layers.0.self_attn.q_porj.weight", "model.layers.0.self_attn.q_proj.weight"),
    // No layer 3: the pattern is near, its first layer stands for it.
    ("model.layers.3.mlp.dwn_proj.weight", "model.layers.0.mlp.down_proj.weight"),
    ("model.embed_token.weight", "model.embed_tokens.weight"), ("lm_haed.weight", "lm_head.weight"),
  ])
  func near(name: String, expected: String) {
    var search = NearestName(Self.names)
    #expect(search.nearest(to: name) == expected)
    #expect(search.nearest(to: name) == expected)
  }

  @Test(arguments: ["optimizer_state", "", "x", "model.layers.99.mlp.down_proj.weight", "model.layers..weight"])
  func notNear(name: String) {
    var search = NearestName(Self.names)
    #expect(search.nearest(to: name) == nil)
  }

  @Test func knownPatterns() {
    let search = NearestName(Self.names)
    #expect(search.isKnownPattern("model.layers.99.mlp.down_proj.weight"))
    #expect(!search.isKnownPattern("model.layers.099.mlp.down_proj.weight"))
  }

  /// Against the whole table of the textbook, for random texts and every limit.
  @Test func distanceIsTheEditDistance() {
    var generator = SplitMix64(seed: 11)
    for _ in 0..<400 {
      let a = (0..<Int.random(in: 0...9, using: &generator)).map { _ in UInt8.random(in: 0...2, using: &generator) }
      let b = (0..<Int.random(in: 0...9, using: &generator)).map { _ in UInt8.random(in: 0...2, using: &generator) }
      let expected = Self.plainDistance(a[...], b[...])
      for limit in 0...10 {
        #expect(NearestName.distance(a, b, limit: limit) == (expected <= limit ? expected : nil))
      }
    }
  }

  static func plainDistance(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
    var row = Array(0...b.count)
    for (index, x) in a.enumerated() {
      var next = [index + 1]
      for (column, y) in b.enumerated() {
        next.append(min(row[column] + (x == y ? 0 : 1), row[column + 1] + 1, next[column] + 1))
      }
      row = next
    }
    return row[b.count]
  }

  /// Thousands of hostile names cost no more than the bounded number of searches.
  @Test func manyUnexpectedNamesAreBounded() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("fusion_llama"))
    var generator = SplitMix64(seed: 3)
    for index in 0..<2_000 {
      let letters = (0..<60).map { _ in Character(Unicode.Scalar(UInt8.random(in: 97...122, using: &generator))) }
      checkpoint.add("model.layers.\(index % 40).\(String(letters)).weight", [1])
    }
    checkpoint.add(String(repeating: "model.layers.0.", count: 100_000), [1])
    #expect(try checkpoint.report().problems(.unexpected).count == 2_001)
    let lines = try #require(checkpoint.error().found).split(separator: "\n")
    #expect(lines.count == 14)
    #expect(lines.allSatisfy { $0.utf8.count < 400 })
  }

  /// More names than are worth explaining are counted.
  @Test func farTooManyNamesAreCounted() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("fusion_llama"))
    for index in 0..<6_000 { checkpoint.add("model.extra.\(index).weight", [1]) }
    let error = try checkpoint.error()
    #expect(error.code == .graphMismatch)
    #expect(error.found == "\(checkpoint.tensors.count) tensors")
    #expect(error.place?.hasSuffix("unexpected") == true)
    #expect(error.expected?.hasPrefix("at most ") == true)
  }

  @Test(arguments: [([3], "3"), ([0, 1, 2], "0-2"), ([0, 3, 4, 5, 9], "0,3-5,9"), ([1, 1, 2], "1-2"), ([], "")])
  func ranges(numbers: [Int], expected: String) {
    #expect(LayerPattern.ranges(numbers) == expected)
  }

  @Test func manyRangesAreCut() {
    #expect(LayerPattern.ranges(Array(stride(from: 0, to: 40, by: 2))) == "0,2,4,6,8,10,12,14,…")
  }
}
