import FusionCore
import TestSupport
import Testing
import WeightGraph

@Suite struct CanonicalGraphTests {
  @Test(arguments: [
    // 1 embedding + layers x 6 or 9 + norm + head; 3 + kept x 16 + 2 vision; 8 projector; samplers x 16.
    ("fusion-phi-tiny", 39 + 421 + 8 + 32), ("fusion-x-llama-tiny", 48 + 629 + 8 + 32),
  ])
  func realCheckpoints(name: String, count: Int) throws {
    var checkpoint = try Checkpoint(fixture: name)
    var generator = SplitMix64(seed: 7)
    checkpoint.tensors.shuffle(using: &generator)
    let graph = try checkpoint.graph()
    #expect(graph.tensors.count == count)
    #expect(Set(graph.tensors.map(\.description.name)) == Set(checkpoint.tensors.map(\.name)))
    #expect(graph.aliases.isEmpty)
    #expect(graph.notices.isEmpty)
    #expect(graph.tensors.allSatisfy { !$0.isOptional })
    let expected = ExpectedTensors.list(for: graph.configuration).filter { !$0.isOptional }.map(\.canonicalName)
    #expect(graph.tensors.map(\.canonicalName) == expected)
    #expect(graph.tensors.first?.canonicalName == "language.embedding.weight")
    #expect(graph.tensors.last?.description.name == "model.vision_sampler_layers.1.layers.0.proj_out.linear_2.weight")
  }

  @Test func rolesAndPartsOfARealCheckpoint() throws {
    let graph = try Checkpoint(fixture: "fusion-phi-tiny").graph()
    let counts = Dictionary(grouping: graph.tensors, by: \.role).mapValues(\.count)
    #expect(
      counts == [
        .embedding: 1, .head: 1, .attention: 12, .mlp: 12, .projector: 4, .auxProjector: 4, .sampler: 16,
        .norm: 13 + 26 * 4 + 2 + 16, .vision: 3 + 26 * 12,
      ])
    let norm = try #require(graph.tensor(named: "vision.layers.25.mlp_norm.bias"))
    #expect(norm.role == .norm)
    #expect(norm.module == .vision)
    let bias = try #require(graph.tensor(named: "vision.layers.0.mlp.up.bias"))
    #expect(bias.role == .vision)
    #expect(bias.description.name == "model.vision_tower.vision_tower.vision_model.encoder.layers.0.mlp.fc1.bias")
    let qkv = try #require(graph.tensor(named: "language.layers.5.attention.qkv.weight"))
    #expect(qkv.parts.map(\.rows) == [0..<128, 128..<256, 256..<384])
    #expect(graph.tensor(named: "language.layers.6.attention.qkv.weight") == nil)
  }

  @Test(arguments: ["fusion_phi", "fusion_llama", "phi3", "llama"])
  func tiedHeadIsAnAlias(type: String) throws {
    var config = Configs.tiny(type)
    config["tie_word_embeddings"] = true
    var checkpoint = try Checkpoint(config: config)
    let graph = try checkpoint.graph()
    #expect(
      graph.aliases == [GraphAlias(canonicalName: "language.head.weight", target: "language.embedding.weight")])
    #expect(!graph.tensors.contains { $0.canonicalName == "language.head.weight" })
    #expect(graph.tensor(named: "language.head.weight")?.description.name == "model.embed_tokens.weight")
    #expect(graph.notices.isEmpty)

    checkpoint.add("lm_head.weight", [100, 64])
    let both = try checkpoint.graph()
    #expect(both.aliases.isEmpty)
    #expect(both.tensor(named: "language.head.weight")?.description.name == "lm_head.weight")
    #expect(both.tensor(named: "language.head.weight")?.isOptional == true)
    #expect(
      both.notices == [
        "lm_head.weight is there although tie_word_embeddings is set; it is kept as a tensor of its own"
      ])
  }

  @Test func droppedTensorsAndBuffersAreAccepted() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("fusion_llama"))
    let tower = "model.vision_tower.vision_tower.vision_model."
    checkpoint.add(tower + "encoder.layers.2.mlp.fc1.weight", [40, 32])
    checkpoint.add(tower + "encoder.layers.2.layer_norm1.bias", [32])
    checkpoint.add(tower + "head.probe", [1, 1, 32])
    checkpoint.add(tower + "embeddings.position_ids", [16], .i64)
    checkpoint.add("model.layers.0.self_attn.rotary_emb.inv_freq", [8], .f32)
    checkpoint.add("model.layers.3.self_attn.rotary_emb.inv_freq", [8], .f32)
    let graph = try checkpoint.graph()
    #expect(
      graph.notices == [
        "2 tensors of the vision tower's last layer, which the model does not use, such as \(tower)"
          + "encoder.layers.2.layer_norm1.bias",
        "1 tensor of the vision tower's pooling head, which the model does not use, such as \(tower)head.probe",
        "3 tensors with tables that a runtime computes for itself, such as "
          + "model.layers.0.self_attn.rotary_emb.inv_freq",
      ])
    #expect(graph.tensors.count { $0.isOptional } == 6)
    let position = try #require(graph.tensor(named: "vision.position_ids"))
    #expect(position.role == .buffer)
  }

  @Test func wideAndNarrowFloatsAreKept() throws {
    var checkpoint = try Checkpoint(config: Configs.tiny("llama"))
    checkpoint.replace("model.norm.weight", dtype: .f64)
    checkpoint.replace("lm_head.weight", dtype: .f8E4M3)
    checkpoint.replace("model.embed_tokens.weight", dtype: .f16)
    #expect(
      try checkpoint.graph().notices == [
        "2 tensors of a float type that is kept as it is, never quantized, such as model.norm.weight"
      ])
  }

  /// Without `vision_config` the shapes of a real tower tell everything but the heads.
  @Test(arguments: [("fusion-phi-tiny", 64, 140, 26, 14, 16), ("fusion-x-llama-tiny", 48, 96, 39, 16, 16)])
  func towerFromShapes(name: String, hidden: Int, mlp: Int, layers: Int, patch: Int, heads: Int) throws {
    var checkpoint = try Checkpoint(fixture: name)
    checkpoint.config["vision_config"] = nil
    checkpoint.config["mm_vision_tower"] = "someone/else"
    let graph = try checkpoint.graph()
    let vision = try #require(graph.configuration.vision)
    #expect(vision.origin == .shapes)
    #expect(vision.headCount == heads)
    #expect(vision.imageSize == 384)
    #expect(vision.layerNormEpsilon == 1e-6)
    #expect(
      graph.notices == [
        "config.json does not tell the vision tower's sizes; taken from the tensors: hidden \(hidden), MLP \(mlp), "
          + "\(layers) layers, patch \(patch); assumed: 16 heads, 384 pixels, gelu_pytorch_tanh, epsilon 1e-06"
      ])
  }

  @Test func towerFromShapesWithoutAPublishedGrid() throws {
    var config = Configs.tiny("fusion_phi")
    var tower = Configs.tinyVision
    tower["hidden_size"] = 42
    tower["num_attention_heads"] = 6
    config["vision_config"] = tower
    var checkpoint = try Checkpoint(config: config)
    checkpoint.config["vision_config"] = nil
    let vision = try #require(checkpoint.graph().configuration.vision)
    #expect(vision.headCount == 14)
    #expect(vision.imageSize == 56)
    #expect(vision.publishedLayerCount == 3)
    // A pooling head shows that nothing was dropped, so that the last of the two layers is one too many.
    checkpoint.add("model.vision_tower.vision_tower.vision_model.head.probe", [1, 1, 42])
    let whole = try checkpoint.graph()
    #expect(whole.configuration.vision?.keptLayerCount == 1)
    #expect(whole.tensor(named: "vision.layers.1.mlp.up.weight")?.isOptional == true)
  }
}
