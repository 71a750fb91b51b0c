import FusionCore
import FusionRuntime
import Testing
import WeightGraph

/// Configurations that nobody has published, and that a file may hold all the same: they are computed, or refused.
@Suite struct UnusualConfigurationTests {
  /// Fields of the decoder and of the tower.
  struct Variant: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var more: [String: String] = [:]
    var tower: [String: String] = [:]
  }

  static let variants = [
    Variant(testDescription: "no sampler", more: ["num_of_vision_sampler_layers": "0"]),
    Variant(testDescription: "a sampler beyond the last layer", more: ["start_of_vision_sampler_layers": "7"]),
    Variant(testDescription: "more samplers than layers", more: ["num_of_vision_sampler_layers": "5"]),
    Variant(testDescription: "one decoder layer", more: ["num_hidden_layers": "1"]),
    Variant(testDescription: "a latent grid wider than the picture's", more: ["query_len": "\"100\""]),
    Variant(testDescription: "one latent", more: ["query_len": "1", "window_size": "1"]),
    Variant(testDescription: "one encoder layer", tower: ["num_hidden_layers": "2"]),
    Variant(testDescription: "many encoder layers", tower: ["num_hidden_layers": "12"]),
    Variant(testDescription: "an odd width of a head", tower: ["hidden_size": "9", "num_attention_heads": "3"]),
    Variant(testDescription: "pixels beyond the last patch", tower: ["image_size": "14", "patch_size": "4"]),
    Variant(testDescription: "one patch", more: ["query_len": "4"], tower: ["image_size": "1"]),
    Variant(testDescription: "a tied head", more: ["tie_word_embeddings": "true"]),
    Variant(testDescription: "biases", more: ["attention_bias": "true", "mlp_bias": "true"]),
    Variant(testDescription: "another activation", more: ["hidden_act": "\"gelu\""]),
    Variant(testDescription: "tiny heads", more: ["head_dim": "2"]),
  ]

  @Test(arguments: variants)
  func computesFiniteLogits(variant: Variant) throws {
    let configuration = try SmallModels.fusion(variant.more, tower: variant.tower)
    let weights = MemoryWeights(configuration, seed: 12)
    let model = try FusionModel(weights, residency: .resident, context: try SmallModels.context())
    let side = try #require(configuration.vision?.imageSize)
    let length = try #require(configuration.interaction?.queryLengths.max())
    let features = try model.encode(SmallPicture.request(side: side, queryLength: length))
    let prefill = try model.prefill(SmallPicture.prompt, features: features, answerCapacity: 3)
    var sampler = TokenSampler(options: .greedy)
    let tokens = try model.generate(
      from: prefill, prompt: SmallPicture.prompt.ids, sampler: &sampler, endTokens: [], limit: 3
    ) { _ in }
    #expect(tokens.count == 3 && Set(tokens).isSubset(of: 0..<50))
    let patches = try #require(configuration.vision?.patchCount)
    #expect(prefill.layout.length == patches + length + 5 && features.image.rowCount == patches)
    let areFinite = prefill.states.array.allSatisfy(\.isFinite)
    #expect(areFinite)
  }

  @Test(arguments: [
    (Variant(testDescription: "huge crops", tower: ["image_size": "4096", "patch_size": "1024"]), "image_size"),
    (Variant(testDescription: "wide windows", more: ["window_size": "64"]), "query_len, window_size"),
  ])
  func refusesWhatItCannotCompute(variant: Variant, place: String) throws {
    let configuration = try SmallModels.fusion(variant.more, tower: variant.tower)
    let error = #expect(throws: FusionError.self) {
      _ = try FusionModel(
        MemoryWeights(configuration, seed: 12), residency: .streamed, context: try SmallModels.context())
    }
    #expect(error?.place == place && error?.code.category == .malformedInput)
  }

  @Test func latentsOfATurnSeeTheQuestionOfTheirTurn() throws {
    let model = try FusionModel(
      MemoryWeights(try SmallModels.fusion(), seed: 12), residency: .resident, context: try SmallModels.context())
    let store = ActivationStore()
    let latent = PromptTokens.latentPlaceholder
    let prompt = PromptTokens(
      ids: [latent, PromptTokens.imagePlaceholder, 1, 2, 3, latent, 4, 5, latent, 6], questionEnds: [4, 7, 9])
    let features = try model.encode(SmallPicture.request(side: 4, queryLength: 4))
    let layout = try model.prefill(prompt, features: features, answerCapacity: 0, recorder: store).layout
    #expect(layout.questionPositions == [22, 28, 33])
    #expect(layout.latentPositions == [16, 17, 18, 19, 23, 24, 25, 26, 29, 30, 31, 32])
    let hidden = try #require(store.entries["decoder.hidden.0"]).values
    func rows(_ positions: [Int]) -> [Float] { positions.flatMap { hidden[(32 * $0)..<(32 * $0 + 32)] } }
    let questions = layout.questionPositions.flatMap { Array(repeating: $0, count: 4) }
    #expect(store.entries["sampler.0.queries"]?.values == rows(questions))
    #expect(store.entries["sampler.0.output"]?.values == rows(layout.latentPositions))
  }

  @Test func samplersWorkAfterTheirLayersOnly() throws {
    func sampled(_ more: [String: String]) throws -> [String] {
      let model = try FusionModel(
        MemoryWeights(try SmallModels.fusion(more), seed: 12), residency: .resident, context: try SmallModels.context())
      let store = ActivationStore()
      let features = try model.encode(SmallPicture.request(side: 4, queryLength: 4))
      _ = try model.prefill(SmallPicture.prompt, features: features, answerCapacity: 0, recorder: store)
      return store.entries.keys.filter { $0.hasSuffix(".output") }.sorted()
    }
    #expect(try sampled(["num_of_vision_sampler_layers": "0"]) == [])
    #expect(try sampled(["num_of_vision_sampler_layers": "5"]) == ["sampler.0.output", "sampler.1.output"])
    #expect(try sampled(["start_of_vision_sampler_layers": "7"]) == [])
  }
}
