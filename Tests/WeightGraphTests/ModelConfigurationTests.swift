import Foundation
import FusionCore
import TestSupport
import Testing
import WeightGraph

@Suite struct ModelConfigurationTests {
  @Test func phiFixture() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("fusion-phi-tiny/config.json")))
    let config = try ModelConfiguration(json: Array(bytes), file: "config.json")
    #expect(config.family == .fusionPhi)
    #expect(config.visionTower == "google/siglip-so400m-patch14-384")
    #expect(config.isComplete)
    #expect(config.notices.isEmpty)
    let language = config.language
    #expect(language.hiddenSize == 128)
    #expect(language.intermediateSize == 256)
    #expect(language.layerCount == 6)
    #expect(language.headCount == 4)
    #expect(language.keyValueHeadCount == 4)
    #expect(language.headDimension == 32)
    #expect(language.vocabularySize == 800)
    #expect(!language.tieWordEmbeddings)
    #expect(language.rmsNormEpsilon == 1e-5)
    #expect(language.activation == .silu)
    #expect(language.rotary.theta == 10_000 && language.rotary.rotatedCount == 32)
    #expect(language.maxPositionEmbeddings == 131_072)
    guard case .longRope(let rope) = language.rotary.scaling else { throw Checkpoint.MissingError() }
    #expect(rope.originalLength == 4_096)
    #expect(rope.longFactors.count == 16 && rope.shortFactors.count == 16)
    #expect(rope.longFactors.first == 1.08 && rope.longFactors.last == 64)
    let vision = try #require(config.vision)
    #expect(vision.hiddenSize == 64)
    #expect(vision.intermediateSize == 140)
    #expect(vision.publishedLayerCount == 27)
    #expect(vision.keptLayerCount == 26)
    #expect(vision.headCount == 4)
    #expect(vision.patchSize == 14)
    #expect(vision.imageSize == 384)
    #expect(vision.patchCount == 729)
    #expect(vision.layerNormEpsilon == 1e-6)
    #expect(vision.activation == .geluTanh)
    #expect(vision.origin == .visionConfig)
    let interaction = try #require(config.interaction)
    #expect(interaction.samplerCount == 2)
    #expect(interaction.start == 0)
    #expect(interaction.stride == 3)
    #expect(interaction.queryLengths == [16])
    #expect(interaction.windowSize == 3)
    #expect(interaction.samplerLayers(layerCount: 6) == [0, 3])
  }

  @Test func llamaFixture() throws {
    let config = try Checkpoint(fixture: "fusion-x-llama-tiny").configuration()
    #expect(config.family == .fusionLlama)
    #expect(config.language.keyValueHeadCount == 2)
    #expect(config.language.headDimension == 16)
    #expect(config.language.rotary.theta == 500_000)
    guard case .llama3(let rope) = config.language.rotary.scaling else { throw Checkpoint.MissingError() }
    #expect(rope.originalLength == 8_192 && rope.factor == 8)
    #expect(!config.language.hasAttentionBias)
    #expect(config.vision?.keptLayerCount == 39)
    #expect(config.vision?.patchCount == 576)
    #expect(config.interaction?.queryLengths == [36])
    #expect(config.interaction?.samplerLayers(layerCount: 5) == [1, 3])
  }

  @Test func absentFieldsHaveTheDefaultsOfTheirFamily() throws {
    var config = Configs.tiny("phi3")
    config["num_key_value_heads"] = nil
    let phi = try Checkpoint(config: config).configuration()
    #expect(phi.language.keyValueHeadCount == 4)
    #expect(phi.language.rmsNormEpsilon == 1e-5)
    #expect(phi.language.maxPositionEmbeddings == 4_096)
    #expect(phi.language.rotary.scaling == .none)
    #expect(phi.vision == nil)
    #expect(phi.interaction == nil)
    config = Configs.tiny("llama")
    config["rope_theta"] = nil
    let llama = try Checkpoint(config: config).configuration()
    #expect(llama.language.rmsNormEpsilon == 1e-6)
    #expect(llama.language.maxPositionEmbeddings == 2_048)
    #expect(llama.language.rotary.theta == 10_000)
    #expect(llama.notices == ["the configuration states no rope_theta; 10000 is assumed, the default of its family"])
  }

  @Test(arguments: [
    (Configs.siglip, 1152, 4304, 26, 14, 729), (Configs.siglip2, 1536, 6144, 39, 16, 576),
    ("/data/towers/siglip-so400m-patch14-384", 1152, 4304, 26, 14, 729),
    ("./siglip2-giant-opt-patch16-384/", 1536, 6144, 39, 16, 576),
  ])
  func knownTowers(name: String, hidden: Int, mlp: Int, layers: Int, patch: Int, patches: Int) throws {
    let config = try Checkpoint(config: Configs.fusion(Configs.phiMini, tower: name)).configuration()
    let vision = try #require(config.vision)
    #expect(vision.origin == .knownTower)
    #expect(vision.hiddenSize == hidden)
    #expect(vision.intermediateSize == mlp)
    #expect(vision.keptLayerCount == layers)
    #expect(vision.patchSize == patch)
    #expect(vision.patchCount == patches)
    #expect(vision.headCount == 16)
  }

  @Test func nameThatOnlyEndsLikeAKnownTowerIsNotOne() throws {
    let config = try Checkpoint(config: Configs.fusion(Configs.phiMini, tower: "x/my-siglip-so400m-patch14-384"))
      .configuration()
    #expect(config.vision == nil)
    #expect(!config.isComplete)
  }

  @Test func visionConfigGoesBeforeTheKnownTower() throws {
    var config = Configs.tiny("fusion_phi")
    config["mm_vision_tower"] = Configs.siglip
    #expect(try Checkpoint(config: config).configuration().vision?.hiddenSize == 32)
  }

  @Test(arguments: [("4,16, 36", [4, 16, 36]), ("144", [144])])
  func queryLengthsAsText(text: String, expected: [Int]) throws {
    var config = Configs.tiny("fusion_phi")
    config["query_len"] = text
    #expect(try Checkpoint(config: config).configuration().interaction?.queryLengths == expected)
  }

  @Test func queryLengthsAsNumberAndList() throws {
    var config = Configs.tiny("fusion_phi")
    config["query_len"] = 25
    #expect(try Checkpoint(config: config).configuration().interaction?.queryLengths == [25])
    config["query_len"] = [64, 9]
    #expect(try Checkpoint(config: config).configuration().interaction?.queryLengths == [64, 9])
  }

  @Test func samplersPastTheLastLayerAreNoticed() throws {
    var config = Configs.tiny("fusion_phi")
    config["num_of_vision_sampler_layers"] = 3
    let read = try Checkpoint(config: config).configuration()
    #expect(
      read.notices == [
        "only 2 of 3 samplers come before the last of 4 decoder layers; the others are kept but never used"
      ])
    #expect(read.interaction?.samplerLayers(layerCount: 4) == [1, 3])
  }
}
