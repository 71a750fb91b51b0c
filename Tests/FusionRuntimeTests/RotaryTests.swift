import Foundation
import FusionCore
import FusionRuntime
import Testing
import WeightGraph

/// Rotary frequencies and their scalings, against the published formulas.
@Suite struct RotaryTests {
  private static let short = [1.0, 1.25, 2, 4]
  private static let long = [1.5, 3, 8, 30]
  /// Trained for 8 positions, stretched to 64.
  private static let longRope = [
    "rope_scaling": "{\"type\":\"longrope\",\"short_factor\":\(short),\"long_factor\":\(long)}",
    "original_max_position_embeddings": "8", "max_position_embeddings": "64",
  ]

  private func expectTables(
    _ configuration: ModelConfiguration, _ positions: Range<Int>, _ frequencies: [Double], factor: Double = 1
  ) throws {
    let rotary = RotaryEmbedding(configuration.language)
    let tables = rotary.tables(positions: positions)
    #expect(abs(Double(rotary.attentionFactor) - factor) < 1e-6)
    try #require(tables.cosines.columnCount == 2 * frequencies.count && tables.sines.rowCount == positions.count)
    for (row, position) in positions.enumerated() {
      for column in 0..<(2 * frequencies.count) {
        let angle = Double(position) * frequencies[column % frequencies.count]
        // A float32 angle is off by up to half a unit in its last place.
        let bound = 1e-6 + 2e-7 * angle
        #expect(abs(Double(tables.cosines.row(row)[column]) - factor * cos(angle)) < bound, "\(position), \(column)")
        #expect(abs(Double(tables.sines.row(row)[column]) - factor * sin(angle)) < bound, "\(position), \(column)")
      }
    }
  }

  private static func base(_ theta: Double, _ size: Int = 8) -> [Double] {
    (0..<(size / 2)).map { pow(theta, -2 * Double($0) / Double(size)) }
  }

  @Test(arguments: ["{\"rope_type\":\"default\"}", "null"])
  func withoutScaling(scaling: String) throws {
    let configuration = try SmallModels.language("llama", ["rope_scaling": scaling, "rope_theta": "500000"])
    try expectTables(configuration, 0..<40, Self.base(500_000))
  }

  @Test func linearScalingDividesAllFrequencies() throws {
    let configuration = try SmallModels.language("llama", ["rope_scaling": "{\"type\":\"linear\",\"factor\":2.5}"])
    try expectTables(configuration, 5..<30, Self.base(10_000).map { $0 / 2.5 })
  }

  @Test func llama3KeepsShortWavesStretchesLongOnesAndBlendsBetween() throws {
    let configuration = try SmallModels.language(
      "llama",
      [
        "head_dim": "32", "rope_theta": "500000",
        "rope_scaling": "{\"rope_type\":\"llama3\",\"factor\":8,\"low_freq_factor\":1,\"high_freq_factor\":4,"
          + "\"original_max_position_embeddings\":8192}",
      ])
    var kinds: Set<String> = []
    let frequencies = Self.base(500_000, 32).map { frequency in
      // Turns that the wave makes within the original context.
      let turns = 8192 * frequency / (2 * Double.pi)
      if turns > 4 {
        kinds.insert("kept")
        return frequency
      }
      if turns < 1 {
        kinds.insert("stretched")
        return frequency / 8
      }
      kinds.insert("blended")
      let smooth = (turns - 1) / 3
      return (1 - smooth) * frequency / 8 + smooth * frequency
    }
    #expect(kinds.count == 3)
    try expectTables(configuration, 0..<20, frequencies)
    try expectTables(configuration, 9_000..<9_002, frequencies)
  }

  @Test func longRopeChangesItsFactorsBeyondTheOriginalLength() throws {
    let configuration = try SmallModels.language("phi3", Self.longRope)
    let factor = (1 + log(8.0) / log(8.0)).squareRoot()
    let base = Self.base(10_000)
    let short = zip(base, Self.short).map { $0 / $1 }
    let long = zip(base, Self.long).map { $0 / $1 }
    try expectTables(configuration, 0..<8, short, factor: factor)
    try expectTables(configuration, 7..<8, short, factor: factor)
    try expectTables(configuration, 0..<9, long, factor: factor)
    try expectTables(configuration, 8..<9, long, factor: factor)
  }

  @Test func aStatedAttentionFactorCounts() throws {
    var fields = Self.longRope
    fields["rope_scaling"] = fields["rope_scaling"]?.replacingOccurrences(of: "}", with: ",\"attention_factor\":1.75}")
    let configuration = try SmallModels.language("phi3", fields)
    try expectTables(configuration, 2..<5, zip(Self.base(10_000), Self.short).map { $0 / $1 }, factor: 1.75)
  }

  @Test(arguments: [[8], [6, 1, 1], [6, 1, 1, 1, 1], [6, 4], [10]])
  func keysStayAsTheyWereRotated(passes: [Int]) throws {
    let weights = MemoryWeights(try SmallModels.language("phi3", Self.longRope), seed: 6)
    let tokens = DecoderTests.tokens(passes.reduce(0, +))
    let base = Self.base(10_000)
    let plain = PlainDecoder(
      weights: weights, frequencies: { zip(base, $0 > 8 ? Self.long : Self.short).map { $0 / $1 } },
      attentionFactor: 2.0.squareRoot())
    try DecoderTests.expectClose(
      try DecoderTests.logits(weights, tokens, passes: passes), plain.logits(tokens, passes: passes))
  }

  @Test func crossingTheBoundaryStepByStepDiffersFromOnePass() throws {
    let weights = MemoryWeights(try SmallModels.language("phi3", Self.longRope), seed: 6)
    let tokens = DecoderTests.tokens(10)
    let whole = try DecoderTests.logits(weights, tokens, passes: [10])
    let steps = try DecoderTests.logits(weights, tokens, passes: [8, 1, 1])
    #expect(zip(whole[9], steps[9]).contains { abs($0 - $1) > 0.01 })
  }

  /// The first frequencies of a head: the rest of it is not rotated.
  @Test func aPartOfAHeadIsRotated() throws {
    let configuration = try SmallModels.language("phi3", ["partial_rotary_factor": "0.75"])
    try expectTables(configuration, 0..<40, Self.base(10_000, 6))
    let weights = MemoryWeights(configuration, seed: 3)
    let tokens = DecoderTests.tokens(7)
    let plain = PlainDecoder(weights: weights, frequencies: { _ in Self.base(10_000, 6) })
    try DecoderTests.expectClose(
      try DecoderTests.logits(weights, tokens, passes: [7]), plain.logits(tokens, passes: [7]))
  }

  @Test func dynamicScalingStretchesTheBaseOfLongTexts() throws {
    let configuration = try SmallModels.language(
      "llama", ["rope_scaling": "{\"type\":\"dynamic\",\"factor\":4}", "max_position_embeddings": "16"])
    try expectTables(configuration, 0..<16, Self.base(10_000))
    for count in [17, 40] {
      let stretch = pow(4 * Double(count) / 16 - 3, 8.0 / 6)
      try expectTables(configuration, 0..<count, Self.base(10_000 * stretch))
      try expectTables(configuration, (count - 1)..<count, Self.base(10_000 * stretch))
    }
  }
}
