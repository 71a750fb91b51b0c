import Foundation
import SyntheticData
import TestSupport
import Testing

@Suite struct CheckpointPresetTests {
  @Test(arguments: [("tiny-fusion-3b", "fusion-phi-tiny"), ("tiny-fusion-x-8b", "fusion-x-llama-tiny")])
  func tinyFusionIsThePublishedFixtureToTheByte(name: String, fixture: String) throws {
    let preset = try #require(CheckpointPreset(name: name))
    let configuration = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(fixture)/config.json")))
    let generation = try Data(contentsOf: URL(fileURLWithPath: Fixtures.path("\(fixture)/generation_config.json")))
    #expect(String(decoding: preset.configurationJSON, as: UTF8.self) == String(decoding: configuration, as: UTF8.self))
    #expect(
      String(decoding: preset.generationConfigurationJSON, as: UTF8.self) == String(decoding: generation, as: UTF8.self)
    )
  }

  @Test func namesAreTheContract() {
    #expect(
      CheckpointPreset.allCases.map(\.rawValue) == [
        "fusion-3b", "fusion-x-3b", "fusion-l-3b", "fusion-8b", "fusion-x-8b", "fusion-l-8b", "phi-3.5-mini",
        "llama-3.1-8b", "llama-3.2-1b", "tiny-fusion-3b", "tiny-fusion-x-8b", "tiny-phi", "tiny-llama",
      ])
    for preset in CheckpointPreset.allCases { #expect(CheckpointPreset(name: preset.rawValue) == preset) }
    #expect(Set(CheckpointPreset.allCases.map(\.summary)).count == CheckpointPreset.allCases.count)
    #expect(CheckpointPreset(name: "tiny")?.rawValue == "tiny-fusion-3b")
  }

  @Test func otherNamesAreNoPresets() {
    for name in ["fusion-70b", "", "FUSION-3B", "fusion-3b "] {
      #expect(CheckpointPreset(name: name) == nil, "\(name)")
    }
    #expect(CheckpointPreset(rawValue: "tiny") == nil)
  }

  /// Billions of weights, as published.
  @Test(arguments: [
    ("fusion-3b", 5.1), ("fusion-x-3b", 5.8), ("fusion-l-3b", 5.1), ("fusion-8b", 10.0), ("fusion-x-8b", 10.7),
    ("fusion-l-8b", 10.0), ("phi-3.5-mini", 3.82), ("llama-3.1-8b", 8.03), ("llama-3.2-1b", 1.236),
  ])
  func weightsAddUpToThePublishedCount(name: String, billions: Double) throws {
    let configuration = try Configuration(preset: name)
    #expect(abs(Double(try configuration.weightCount()) / 1e9 - billions) < billions * 0.01)
  }

  @Test func sizesOfThePublishedLanguageModels() throws {
    let phi = try Configuration(preset: "phi-3.5-mini")
    #expect(try phi.integer("vocab_size") == 32_064)
    #expect(try phi.integer("pad_token_id") == 32_000)
    #expect(phi.fields["model_type"] as? String == "phi3")
    #expect(phi.fields["mm_vision_tower"] == nil)
    #expect(phi.fields["transformers_version"] as? String == "4.43.3")
    let llama = try Configuration(preset: "llama-3.1-8b")
    #expect(try llama.integer("num_key_value_heads") == 8)
    #expect(try llama.integer("intermediate_size") == 14_336)
    #expect(llama.fields["head_dim"] == nil)
    #expect(llama.fields["tie_word_embeddings"] as? Bool == false)
    let small = try Configuration(preset: "llama-3.2-1b")
    #expect(small.fields["tie_word_embeddings"] as? Bool == true)
    #expect(try small.integer("head_dim") == 64)
    #expect((small.fields["rope_scaling"] as? [String: Any])?["factor"] as? Double == 32)
  }

  @Test func fusionResizesTheEmbeddingsToTheTokenizer() throws {
    #expect(try Configuration(preset: "fusion-3b").integer("vocab_size") == 32_013)
    #expect(try Configuration(preset: "fusion-x-8b").integer("vocab_size") == 128_258)
    #expect(try Configuration(preset: "tiny-fusion-3b").integer("vocab_size") == 800)
    #expect(try Configuration(preset: "tiny-phi").integer("vocab_size") == 832)
  }

  @Test func onlyTinyPresetsStateTheTowersSizes() throws {
    for preset in CheckpointPreset.allCases {
      let configuration = try Configuration(preset: preset.rawValue)
      let isTinyFusion = preset.rawValue.hasPrefix("tiny-fusion")
      #expect((configuration.fields["vision_config"] != nil) == isTinyFusion, "\(preset.rawValue)")
      #expect((configuration.fields["mm_hidden_size"] != nil) == preset.isFusion, "\(preset.rawValue)")
    }
  }

  @Test func longropeHasAnAscendingFactorForEachPairOfChannels() throws {
    for (name, count) in [("phi-3.5-mini", 48), ("fusion-3b", 48), ("tiny-phi", 16)] {
      let scaling = try #require(try Configuration(preset: name).fields["rope_scaling"] as? [String: Any])
      for key in ["long_factor", "short_factor"] {
        let factors = try #require(scaling[key] as? [Double])
        #expect(factors.count == count)
        #expect(zip(factors, factors.dropFirst()).allSatisfy { $0 < $1 })
        #expect(factors.allSatisfy { $0 >= 1 && $0 <= 64 })
      }
    }
  }

  @Test func samplersLieBetweenDecoderLayers() throws {
    for preset in CheckpointPreset.allCases where preset.isFusion {
      let configuration = try Configuration(preset: preset.rawValue)
      let last =
        try configuration.integer("start_of_vision_sampler_layers")
        + (configuration.integer("num_of_vision_sampler_layers") - 1)
        * configuration.integer("stride_of_vision_sampler_layers")
      #expect(try last < configuration.integer("num_hidden_layers"), "\(preset.rawValue)")
    }
  }
}
