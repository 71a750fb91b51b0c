import FusionCore
import TestSupport
import Testing
import WeightGraph

@Suite struct GraphProblemTests {
  static let tower = "model.vision_tower.vision_tower.vision_model."

  @Test func goodCheckpointsHaveNoProblems() throws {
    for type in ["fusion_phi", "fusion_llama", "phi3", "llama"] {
      let report = try Checkpoint(config: Configs.tiny(type)).report()
      #expect(report.isEmpty)
      #expect(report.likelyCauses.isEmpty)
    }
  }

  /// Every kind of problem at once: nothing hides behind the first.
  @Test func everyProblemIsInOneError() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("fusion_phi"))
    checkpoint.remove { $0 == "model.norm.weight" }
    checkpoint.rename { $0 == "model.layers.1.mlp.down_proj.weight" ? "model.layers.1.mlp.dwon_proj.weight" : $0 }
    checkpoint.replace("model.layers.2.self_attn.o_proj.weight", shape: [64, 60])
    checkpoint.replace("model.mm_projector.0.bias", dtype: .i32)
    checkpoint.add("lm_head.weight", [100, 64])
    let error = try checkpoint.error()
    #expect(error.code == .graphMismatch)
    #expect(error.code.category == .malformedInput)
    #expect(error.file == "checkpoint")
    #expect(
      error.place
        == "2 missing, 1 unexpected, 1 of a wrong shape, 1 of a wrong type, 1 with a name that stands twice")
    #expect(
      error.expected == "a fusion_phi of 4 decoder layers, hidden size 64, vocabulary 100, and 2 vision layers, "
        + "hidden size 32 (88 tensors)")
    #expect(
      error.found == """
        missing:
          language.layers.1.mlp.down.weight
          language.norm.weight
        unexpected:
          model.layers.1.mlp.dwon_proj.weight, nearest known name model.layers.1.mlp.down_proj.weight
        of a wrong shape:
          language.layers.2.attention.output.weight: expected [64, 64], found [64, 60] (config.json \
        num_attention_heads * head_dim 64, tensor has 60 columns)
        of a wrong type:
          projector.linear1.bias: expected a floating-point type, found I32
        with a name that stands twice:
          lm_head.weight
        """)
    #expect(
      error.remedy == "the checkpoint is quantized already (1 tensor, such as model.mm_projector.0.bias): "
        + "start from the published checkpoint in bf16")
  }

  @Test func vocabularyAgainstTheConfiguration() throws {
    var checkpoint = try Checkpoint(config: Configs.phiMini)
    checkpoint.replace("model.embed_tokens.weight", shape: [32066, 3072])
    checkpoint.replace("lm_head.weight", shape: [32066, 3072])
    let report = try checkpoint.report()
    #expect(report.problems.map(\.kind) == [.wrongShape, .wrongShape])
    #expect(report.problems.first?.hint == "config.json vocab_size 32064, tensor has 32066 rows")
    #expect(
      report.likelyCauses == [
        .configurationValue(
          source: "config.json", field: "vocab_size", configured: 32064, found: 32066, tensorCount: 2)
      ])
    #expect(
      try checkpoint.error().remedy == "config.json vocab_size is 32064, but 32066 in 2 tensors: "
        + "use the config.json that was published with these weights")
  }

  @Test func hiddenSizeAgainstTheConfiguration() throws {
    var checkpoint = try Checkpoint(fixture: "fusion-x-llama-tiny")
    checkpoint.config["hidden_size"] = 192
    let report = try checkpoint.report()
    #expect(report.problems(.missing).isEmpty)
    #expect(report.problems(.unexpected).isEmpty)
    guard case .configurationValue(_, let field, 192, 96, let count)? = report.likelyCauses.first else {
      throw Checkpoint.MissingError()
    }
    #expect(field == "hidden_size")
    // Embedding, head, norm; 8 (all but q, k, v columns counted once each) tensors a layer; projectors; samplers.
    #expect(count == 3 + 5 * 9 + 5 + 2 * 16)
    let folded = report.folded(.wrongShape)
    #expect(folded.contains { $0.name == "language.layers.0-4.attention.q.weight" && $0.count == 5 })
  }

  @Test func headsAgainstTheConfiguration() throws {
    var checkpoint = try Checkpoint(fixture: "fusion-x-llama-tiny")
    checkpoint.config["num_key_value_heads"] = 3
    let report = try checkpoint.report()
    #expect(report.problems.count == 10)
    #expect(
      report.problems.first?.hint == "config.json num_key_value_heads * head_dim 48, tensor has 32 rows")
    #expect(
      report.likelyCauses == [
        .configurationValue(
          source: "config.json", field: "num_key_value_heads * head_dim", configured: 48, found: 32, tensorCount: 10)
      ])
  }

  @Test(arguments: [(4, 6, "missing"), (8, 6, "unexpected")])
  func layerCountAgainstTheConfiguration(present: Int, configured: Int, kind: String) throws {
    var config = Configs.tiny("phi3")
    config["num_hidden_layers"] = present
    var checkpoint = try Checkpoint(config: config)
    checkpoint.config["num_hidden_layers"] = configured
    let report = try checkpoint.report()
    #expect(report.counts == "12 \(kind)")
    #expect(
      report.likelyCauses == [.layerCount(field: "num_hidden_layers", configured: configured, found: present)])
    if kind == "missing" {
      #expect(
        report.folded(.missing).map(\.line).first == "language.layers.4-5.attention_norm.weight (2 tensors)")
    } else {
      #expect(
        report.folded(.unexpected).map(\.line).first
          == "model.layers.6-7.input_layernorm.weight (2 tensors), a number that the configuration does not reach")
    }
  }

  @Test func visionLayersAgainstTheConfiguration() throws {
    var checkpoint = try Checkpoint(fixture: "fusion-phi-tiny")
    checkpoint.remove { $0.hasPrefix(Self.tower + "encoder.layers.25.") }
    #expect(
      try checkpoint.report().likelyCauses == [
        .layerCount(field: "vision_config.num_hidden_layers", configured: 27, found: 26)
      ])
  }

  @Test func gapInLayers() throws {
    var config = Configs.tiny("llama")
    config["num_hidden_layers"] = 12
    var checkpoint = try Checkpoint(config: config)
    checkpoint.remove { name in [0, 3, 4, 5, 9].contains { name.hasPrefix("model.layers.\($0).") } }
    let report = try checkpoint.report()
    #expect(report.likelyCauses == [.layerGap(part: .language, layers: "0,3-5,9")])
    #expect(report.folded(.missing).count == 9)
    #expect(
      report.folded(.missing).first?.line == "language.layers.0,3-5,9.attention_norm.weight (5 tensors)")
  }

  @Test func threeHundredMissingNamesAreAFewLines() throws {
    var checkpoint = try Checkpoint(config: Configs.llama8B)
    checkpoint.remove { $0.hasPrefix("model.layers.") && !$0.hasPrefix("model.layers.0.") }
    let report = try checkpoint.report()
    #expect(report.problems.count == 31 * 9)
    #expect(report.folded(.missing).count == 9)
    let lines = try #require(checkpoint.error().found).split(separator: "\n")
    #expect(lines.count == 10)
    #expect(lines[2] == "  language.layers.1-31.attention.q.weight (31 tensors)")
  }

  @Test func transposedWeightsAreNamed() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("phi3"))
    checkpoint.replace("model.layers.0.mlp.down_proj.weight", shape: [96, 64])
    #expect(try checkpoint.report().problems.map(\.hint) == ["transposed"])
  }

  @Test func buffersMayHaveAnyTypeButNotAnyLength() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("llama"))
    checkpoint.add("model.rotary_emb.inv_freq", [9], .f32)
    let report = try checkpoint.report()
    #expect(report.problems.map(\.sourceName) == ["model.rotary_emb.inv_freq"])
    #expect(report.problems.first?.hint == "config.json head_dim / 2 8, tensor has 9 rows")
  }
}
