import FusionCore
import FusionRuntime
import Testing

/// Weights that are not numbers: the error names the tensor.
@Suite struct BrokenWeightTests {
  @Test(
    arguments: [
      "language.embedding.weight", "language.layers.0.attention_norm.weight", "language.layers.1.attention.k.weight",
      "language.layers.1.mlp.down.weight", "language.norm.weight", "language.head.weight",
      "vision.patch_embedding.weight", "vision.position_embedding.weight", "vision.layers.0.attention.v.bias",
      "vision.layers.1.mlp_norm.weight", "vision.layers.1.mlp.down.weight", "projector.linear1.weight",
      "projector.linear2.bias", "aux_projector.linear1.bias", "aux_projector.linear2.weight", "samplers.0.input.weight",
      "samplers.0.attention.v_norm.bias", "samplers.0.mlp.linear2.weight",
    ], [Float.nan, .infinity])
  func theTensorIsNamed(name: String, value: Float) throws {
    // The last number of each: rows in the middle of a tensor are looked at too.
    let sound = MemoryWeights(try SmallModels.fusion(), seed: 10)
    let count = try #require(sound.values[name]?.count)
    let error = #expect(throws: FusionError.self) { try run(sound.replacing(name, at: count - 1, with: value)) }
    #expect(error?.code == .nonfiniteActivation && error?.code.category == .malformedInput)
    #expect(error?.place?.hasPrefix("\(name), row ") ?? false, "\(error?.place ?? "")")
    #expect(error?.remedy?.contains("again") ?? false)
  }

  @Test func soundWeightsThatGrowTooLargeAreNotAccused() throws {
    var weights = MemoryWeights(try SmallModels.fusion(), seed: 10)
    for index in 0..<32 { weights = weights.replacing("language.layers.1.mlp.down.weight", at: index, with: 3e38) }
    let error = #expect(throws: FusionError.self) { try run(weights) }
    #expect(error?.code == .nonfiniteActivation && error?.place == "decoder layer 1")
  }

  @Test func soundWeightsRun() throws {
    #expect(try run(MemoryWeights(try SmallModels.fusion(), seed: 10)).allSatisfy(\.isFinite))
  }

  /// Logits after a prompt in which every token of the vocabulary stands.
  private func run(_ weights: MemoryWeights) throws -> [Float] {
    let model = try FusionModel(weights, residency: .streamed, context: try SmallModels.context())
    let features = try model.encode(SmallPicture.request(side: 4, queryLength: 4))
    let ids = [PromptTokens.imagePlaceholder, PromptTokens.latentPlaceholder] + Array(0..<50)
    let prefill = try model.prefill(PromptTokens(ids: ids), features: features, answerCapacity: 0)
    return try model.language.logits(prefill.states, rows: 0..<prefill.layout.length).logits.array
  }
}
