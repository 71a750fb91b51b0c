import FusionCore
import TestSupport
import Testing
import WeightGraph

@Suite struct LikelyCauseTests {
  static let tower = "model.vision_tower.vision_tower.vision_model."

  @Test(arguments: [
    ["qweight", "qzeros", "scales", "g_idx"], ["weight", "SCB", "weight_format"], ["weight", "weight_scale_inv"],
    ["weight", "weight.absmax", "weight.quant_map", "weight.quant_state.bitsandbytes__nf4"],
    ["weight_packed", "weight_scale", "weight_shape"],
  ])
  func quantizedCheckpoints(endings: [String]) throws {
    var checkpoint = try Checkpoint(fixture: "fusion-phi-tiny")
    let names = checkpoint.tensors.map(\.name).filter { $0.hasSuffix("_proj.weight") && $0.hasPrefix("model.layers.") }
    checkpoint.remove { names.contains($0) }
    for name in names {
      for ending in endings {
        checkpoint.add(name.dropLast("weight".count) + ending, ending == "weight" ? [8, 8] : [4], .u8)
      }
    }
    let report = try checkpoint.report()
    // A plain "weight" counts by its integer type, everything else by its name.
    guard case .alreadyQuantized(let count, let example)? = report.likelyCauses.first, report.likelyCauses.count == 1
    else {
      throw Checkpoint.MissingError()
    }
    #expect(count == names.count * endings.count)
    #expect(example.hasPrefix("model.layers.0.mlp.down_proj."))
    let special = endings.filter { $0 != "weight" }
    #expect(report.problems(.unexpected).count == names.count * special.count)
    #expect(report.problems(.unexpected).allSatisfy { $0.hint == "part of a quantized tensor" && $0.nearest == nil })
    #expect(try checkpoint.error().remedy?.hasSuffix("start from the published checkpoint in bf16") == true)
  }

  @Test func adapters() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("llama"))
    checkpoint.tensors = []
    for layer in 0..<4 {
      for part in ["lora_A", "lora_B"] {
        checkpoint.add("base_model.model.model.layers.\(layer).self_attn.q_proj.\(part).weight", [8, 64])
      }
    }
    let report = try checkpoint.report()
    #expect(
      report.likelyCauses == [
        .loraAdapter(
          tensorCount: 8, example: "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight")
      ])
    #expect(report.problems(.unexpected).allSatisfy { $0.hint == "part of a LoRA adapter" })
  }

  @Test(arguments: ["module.", "base_model.model.", "language_model.", "_orig_mod.", "a.b.c."])
  func prefixTooMuch(prefix: String) throws {
    var checkpoint = try Checkpoint(fixture: "fusion-phi-tiny")
    checkpoint.rename { prefix + $0 }
    #expect(try checkpoint.report().likelyCauses == [.wrongPrefix(.remove(prefix), fittingCount: 500)])
    #expect(
      try checkpoint.error().remedy == "500 names would fit without the prefix \"\(prefix)\": "
        + "save the checkpoint again without \"\(prefix)\" before its names")
  }

  @Test func prefixMissing() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("llama"))
    checkpoint.remove { $0 == "lm_head.weight" }
    checkpoint.rename { String($0.dropFirst("model.".count)) }
    #expect(try checkpoint.report().likelyCauses == [.wrongPrefix(.add("model."), fittingCount: 38)])
  }

  @Test(arguments: [("fusion_phi", "fusion_llama"), ("fusion_llama", "fusion_phi"), ("phi3", "llama")])
  func otherLayout(configured: String, found: String) throws {
    var checkpoint = try Checkpoint(config: Configs.tiny(found))
    checkpoint.config["model_type"] = configured
    let families = (try #require(ModelFamily(rawValue: configured)), try #require(ModelFamily(rawValue: found)))
    #expect(try checkpoint.report().likelyCauses == [.otherFamily(configured: families.0, found: families.1)])
  }

  @Test(arguments: [("llama", "fusion_llama"), ("phi3", "fusion_phi"), ("phi3", "fusion_llama")])
  func fusionCheckpointUnderALanguageModelsType(configured: String, found: String) throws {
    var checkpoint = try Checkpoint(config: Configs.tiny(found))
    checkpoint.config["model_type"] = configured
    let families = (try #require(ModelFamily(rawValue: configured)), try #require(ModelFamily(rawValue: found)))
    #expect(try checkpoint.report().likelyCauses == [.otherFamily(configured: families.0, found: families.1)])
  }

  @Test(arguments: [true, false]) func languageModelOnly(towerIsKnown: Bool) throws {
    var checkpoint = try Checkpoint(fixture: "fusion-phi-tiny")
    checkpoint.remove { $0.contains("vision") || $0.contains("projector") }
    if !towerIsKnown {
      checkpoint.config["vision_config"] = nil
      checkpoint.config["mm_vision_tower"] = "someone/else"
    }
    let report = try checkpoint.report()
    #expect(report.likelyCauses == [.languageModelOnly])
    #expect(report.problems.count == (towerIsKnown ? 421 + 8 + 32 : 32 + 3))
    #expect(try checkpoint.error().code == .graphMismatch)
  }

  @Test func projectorsOnly() throws {
    var checkpoint = try Checkpoint(fixture: "fusion-phi-tiny")
    checkpoint.remove { !$0.contains("_projector.") && !$0.contains("vision_sampler_layers.") }
    #expect(try checkpoint.report().likelyCauses == [.projectorsOnly])
  }

  @Test func towerWhoseShapesTellNothing() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("fusion_phi"))
    checkpoint.config["vision_config"] = nil
    checkpoint.replace(Self.tower + "embeddings.patch_embedding.weight", shape: [32, 588])
    let report = try checkpoint.report()
    #expect(report.counts == "3 of a wrong shape")
    #expect(report.problems.first?.expected == "sizes of a vision tower")
    #expect(report.problems.first?.found == "[32, 588]")
  }

  @Test func knownTowerWithOtherTensors() throws {
    var checkpoint = try Checkpoint(fixture: "fusion-phi-tiny")
    checkpoint.config["vision_config"] = nil
    checkpoint.config["mm_hidden_size"] = nil
    let report = try checkpoint.report()
    #expect(
      report.problems.first { $0.sourceName == Self.tower + "embeddings.patch_embedding.bias" }?.hint
        == "the published tower's vision_config.hidden_size 1152, tensor has 64 rows")
    guard
      case .configurationValue("the published tower's", "vision_config.hidden_size", 1152, 64, _)? = report.likelyCauses
        .first
    else { throw Checkpoint.MissingError() }
  }

  @Test func headMissing() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("phi3"))
    checkpoint.remove { $0 == "lm_head.weight" }
    #expect(try checkpoint.report().likelyCauses == [.headMissing])
    #expect(
      try checkpoint.error().remedy == "lm_head.weight is missing, and tie_word_embeddings is not set: "
        + "set tie_word_embeddings in config.json if the model ties them, otherwise find the missing shard")
  }
}
