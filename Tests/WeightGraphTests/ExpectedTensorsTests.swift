import FusionCore
import Testing
import WeightGraph

@Suite struct ExpectedTensorsTests {
  /// Published sizes with ten samplers. The paper's totals leave 0.85 (3B) and 1.5 (8B) billion for the samplers, which
  /// have 9 hidden² numbers each: 10.1 and 10.2 of them, so ten.
  @Test(arguments: [
    ("phi3", "", 3_821_079_552, 3.8), ("llama", "", 8_030_261_248, 8.0),
    ("phi3", Configs.siglip, 5_093_348_128, 5.1), ("phi3", Configs.siglip2, 5_808_350_208, 5.8),
    ("llama", Configs.siglip, 9_975_275_296, 10.0), ("llama", Configs.siglip2, 10_691_850_240, 10.7),
  ])
  func publishedParameterCounts(language: String, tower: String, count: Int, billions: Double) throws {
    let base = language == "phi3" ? Configs.phiMini : Configs.llama8B
    let config = tower.isEmpty ? base : Configs.fusion(base, tower: tower)
    let counted = ExpectedTensors.parameterCount(for: try Checkpoint(config: config).configuration())
    #expect(counted == count)
    #expect(abs(Double(counted) / 1e9 - billions) < 0.05)
  }

  @Test func tiedHeadIsCountedOnce() throws {
    var config = Configs.tiny("llama")
    let free = ExpectedTensors.parameterCount(for: try Checkpoint(config: config).configuration())
    config["tie_word_embeddings"] = true
    let tied = ExpectedTensors.parameterCount(for: try Checkpoint(config: config).configuration())
    #expect(free - tied == 100 * 64)
  }

  @Test func canonicalOrderIsNumeric() throws {
    var config = Configs.tiny("fusion_phi")
    config["num_hidden_layers"] = 12
    let names = ExpectedTensors.list(for: try Checkpoint(config: config).configuration()).map(\.canonicalName)
    func position(_ name: String) throws -> Int { try #require(names.firstIndex(of: name)) }
    let order = [
      "language.embedding.weight", "language.layers.0.attention.qkv.weight", "language.layers.2.mlp.down.weight",
      "language.layers.10.attention_norm.weight", "language.layers.11.mlp.down.weight", "language.norm.weight",
      "language.head.weight", "vision.patch_embedding.weight", "vision.layers.0.attention_norm.weight",
      "vision.layers.2.mlp.down.bias", "vision.post_norm.weight", "projector.linear1.weight",
      "aux_projector.linear1.weight", "samplers.0.input.weight", "samplers.0.mlp.linear2.weight",
    ]
    let positions = try order.map(position)
    #expect(positions == positions.sorted())
    #expect(positions.first == 0)
    #expect(positions.last == names.count - 1)
    #expect(Set(names).count == names.count)
  }

  @Test func fusedRowsNameTheirParts() throws {
    let list = ExpectedTensors.list(for: try Checkpoint(config: Configs.tiny("fusion_phi")).configuration())
    let qkv = try #require(list.first { $0.canonicalName == "language.layers.3.attention.qkv.weight" })
    #expect(qkv.sourceName == "model.layers.3.self_attn.qkv_proj.weight")
    #expect(qkv.shape.dimensions == [128, 64])
    #expect(
      qkv.parts == [
        TensorPart(canonicalName: "language.layers.3.attention.q.weight", rows: 0..<64),
        TensorPart(canonicalName: "language.layers.3.attention.k.weight", rows: 64..<96),
        TensorPart(canonicalName: "language.layers.3.attention.v.weight", rows: 96..<128),
      ])
    let gateUp = try #require(list.first { $0.canonicalName == "language.layers.0.mlp.gate_up.weight" })
    #expect(
      gateUp.parts == [
        TensorPart(canonicalName: "language.layers.0.mlp.gate.weight", rows: 0..<96),
        TensorPart(canonicalName: "language.layers.0.mlp.up.weight", rows: 96..<192),
      ])
    #expect(list.count { !$0.parts.isEmpty } == 8)
  }

  /// The parts of one layout are the tensors of the other: same names, same shapes.
  @Test func partsAreTheTensorsOfTheOtherLayout() throws {
    let fused = ExpectedTensors.list(for: try Checkpoint(config: Configs.tiny("fusion_phi")).configuration())
    let separate = ExpectedTensors.list(for: try Checkpoint(config: Configs.tiny("fusion_llama")).configuration())
    let parts = fused.flatMap { tensor -> [String] in
      tensor.parts.isEmpty
        ? ["\(tensor.canonicalName) \(tensor.shape)"]
        : tensor.parts.map { "\($0.canonicalName) [\($0.rows.count), \(tensor.shape.columnCount)]" }
    }
    #expect(parts == separate.map { "\($0.canonicalName) \($0.shape)" })
  }

  @Test func biasesFollowTheConfigurationInTheSeparateLayoutOnly() throws {
    func biases(_ type: String) throws -> [String] {
      var config = Configs.tiny(type)
      config["attention_bias"] = true
      config["mlp_bias"] = true
      return ExpectedTensors.list(for: try Checkpoint(config: config).configuration()).map(\.canonicalName)
        .filter { $0.hasPrefix("language.layers.1.") && $0.hasSuffix(".bias") }
    }
    let expected = ["attention.q", "attention.k", "attention.v", "attention.output", "mlp.gate", "mlp.up", "mlp.down"]
    #expect(try biases("llama") == expected.map { "language.layers.1.\($0).bias" })
    #expect(try biases("phi3").isEmpty)
  }

  @Test func unknownTowerLeavesOutWhatDependsOnIt() throws {
    var config = Configs.tiny("fusion_phi")
    config["vision_config"] = nil
    let list = ExpectedTensors.list(for: try Checkpoint(config: config).configuration())
    #expect(Set(list.map(\.module)) == [.language, .sampler])
  }
}
