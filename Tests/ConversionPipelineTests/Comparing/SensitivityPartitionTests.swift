import ConversionPipeline
import Testing

@Suite struct SensitivityPartitionTests {
  private func names(_ tower: String, _ layers: Int, _ kinds: [String]) -> [String] {
    (0..<layers).flatMap { layer in kinds.map { "\(tower).\(layer).\($0)" } }
  }

  private var model: [String] {
    ["vision.patch_embedding.weight"] + names("vision.layers", 3, ["attention.q.weight", "mlp.up.weight"])
      + names("samplers", 2, ["input.weight", "attention.q.weight"])
      + names("language.layers", 18, ["attention.qkv.weight", "mlp.down.weight"]) + ["language.head.weight"]
  }

  @Test func tensorsStayAlone() {
    let parts = SensitivityPartition(model, by: .tensors).parts
    #expect(parts.map(\.name) == model && parts.map(\.tensors) == model.map { [$0] })
  }

  @Test func layersHoldTheirTensors() {
    let parts = SensitivityPartition(model, by: .layers).parts
    #expect(parts.count == 1 + 3 + 2 + 18 + 1)
    #expect(parts[1].name == "vision.layers.0")
    #expect(parts[1].tensors == ["vision.layers.0.attention.q.weight", "vision.layers.0.mlp.up.weight"])
  }

  @Test func partsAreBandsOfLayers() {
    let parts = SensitivityPartition(model, by: .parts).parts
    let byName = Dictionary(uniqueKeysWithValues: parts.map { ($0.name, $0.tensors) })
    #expect(parts.flatMap(\.tensors).sorted() == model.sorted())
    #expect(
      byName["language.layers.3-5.mlp.down.weight"] == (3...5).map { "language.layers.\($0).mlp.down.weight" })
    #expect(byName["language.layers.15-17.attention.qkv.weight"]?.count == 3)
    #expect(byName["vision.layers.2.mlp.up.weight"] == ["vision.layers.2.mlp.up.weight"])
    #expect(byName["samplers.1"] == ["samplers.1.input.weight", "samplers.1.attention.q.weight"])
    #expect(byName["language.head.weight"] == ["language.head.weight"])
    #expect(parts.filter { $0.name.hasPrefix("language.layers") }.count == 12)
  }

  @Test func aLastBandMayBeShort() {
    let parts = SensitivityPartition(names("language.layers", 10, ["mlp.down.weight"]), by: .parts).parts
    #expect(parts.map(\.tensors.count) == [2, 2, 2, 2, 2])
    let odd = SensitivityPartition(names("language.layers", 17, ["mlp.down.weight"]), by: .parts).parts
    #expect(
      odd.map(\.tensors.count) == [3, 3, 3, 3, 3, 2] && odd.last?.name == "language.layers.15-16.mlp.down.weight")
  }

  @Test func strangeNamesAreTensorsOfTheirOwn() {
    let strange = ["language.layers.x.mlp", "language.layers.-1.mlp.down", "samplers", "samplers.0"]
    #expect(SensitivityPartition(strange, by: .parts).parts.map(\.name) == strange)
  }
}
