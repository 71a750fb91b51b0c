import FusionCore
import Testing
import WeightGraph

@Suite struct AdapterPlanTests {
  private static let module = "model.layers.0.self_attn.q_proj"
  private static let prefix = "base_model.model.model.layers.0.self_attn.q_proj"

  private static func tensor(_ name: String, _ shape: [Int], _ dtype: DType = .f32) -> TensorDescription {
    let shape = Shape(shape) ?? Shape.matrix(rows: 0, columns: 0)
    return TensorDescription(
      name: name, dtype: dtype, shape: shape, fileIndex: 0, offset: 0, byteCount: shape.byteCount(of: dtype) ?? 0)
  }

  private static let base = [
    tensor("model.layers.0.self_attn.q_proj.weight", [6, 8], .bf16),
    tensor("model.layers.0.self_attn.q_proj.bias", [6]),
    tensor("model.embed_tokens.weight", [20, 8]), tensor("model.norm.weight", [8]),
    tensor("vision.patch.weight", [4, 3, 2, 2]), tensor("lm_head.weight", [20, 8]),
    tensor("codes.weight", [6, 8], .i8),
  ]

  private static func plan(
    _ tensors: [TensorDescription], _ whole: [TensorDescription] = [], config: String = "",
    base: [TensorDescription] = Self.base
  ) throws -> AdapterPlan {
    let text = #"{"peft_type":"LORA","r":2,"lora_alpha":4\#(config)}"#
    return try AdapterPlan.build(
      configuration: try AdapterConfiguration(json: Array(text.utf8), file: "adapter_config.json"), base: base,
      files: [
        AdapterTensorFile(path: "adapter_model.safetensors", tensors: tensors),
        AdapterTensorFile(path: "non_lora_trainables.safetensors", tensors: whole),
      ], basePath: "base")
  }

  private static func pair(_ prefix: String, _ infix: String = "", a: [Int] = [2, 8], b: [Int] = [6, 2])
    -> [TensorDescription]
  {
    [tensor("\(prefix).lora_A\(infix).weight", a), tensor("\(prefix).lora_B\(infix).weight", b)]
  }

  private static func refusal(_ step: () throws -> AdapterPlan) -> FusionError? {
    #expect(throws: FusionError.self) { _ = try step() }
  }

  @Test(arguments: [
    (prefix, ""), (prefix, ".default"), (prefix, ".my_adapter"), ("module." + prefix, ""),
    ("base_model.model." + module, ""), (module, ""), ("layers.0.self_attn.q_proj", ""),
    ("base_model.model._orig_mod." + module, ""),
  ])
  func namesAreMapped(prefix: String, infix: String) throws {
    let plan = try Self.plan(Self.pair(prefix, infix))
    #expect(plan.merges.map(\.name) == [Self.module + ".weight"])
    #expect(plan.merges.first?.rank == 2 && plan.merges.first?.scaling == 2 && plan.merges.first?.isTransposed == false)
    #expect(plan.replaced.isEmpty && plan.added.isEmpty)
  }

  @Test func embeddingsAndConvolutionsAreMapped() throws {
    let plan = try Self.plan([
      Self.tensor("base_model.model.model.embed_tokens.lora_embedding_A", [2, 20]),
      Self.tensor("base_model.model.model.embed_tokens.lora_embedding_B", [8, 2]),
      Self.tensor("base_model.model.vision.patch.lora_A.weight", [2, 3, 2, 2]),
      Self.tensor("base_model.model.vision.patch.lora_B.weight", [4, 2, 1, 1]),
    ])
    #expect(plan.merges.map(\.name) == ["model.embed_tokens.weight", "vision.patch.weight"])
    #expect(plan.merges.map(\.isTransposed) == [true, false])
  }

  @Test func wholeTensorsReplaceOrAreAdded() throws {
    let plan = try Self.plan(
      Self.pair(Self.prefix) + [
        Self.tensor(Self.prefix + ".base_layer.bias", [6]),
        Self.tensor("base_model.model.model.norm.modules_to_save.default.weight", [8]),
        Self.tensor("base_model.model.model.norm.original_module.weight", [8]),
      ],
      [
        Self.tensor("base_model.model.model.mm_projector.0.weight", [4, 4]),
        Self.tensor("model.model.mm_projector.0.bias", [4]), Self.tensor("module.lm_head.weight", [20, 8]),
      ])
    #expect(
      plan.replaced.keys.sorted() == ["lm_head.weight", "model.layers.0.self_attn.q_proj.bias", "model.norm.weight"])
    #expect(plan.added.keys.sorted() == ["model.mm_projector.0.bias", "model.mm_projector.0.weight"])
    #expect(plan.replaced["lm_head.weight"]?.fileIndex == 1)
  }

  @Test func inputsFirstTransposes() throws {
    let plan = try Self.plan(
      Self.pair(Self.prefix, a: [2, 6], b: [8, 2]), config: #","fan_in_fan_out":true"#)
    #expect(plan.merges.first?.isTransposed == true)
    let error = Self.refusal { try Self.plan(Self.pair(Self.prefix), config: #","fan_in_fan_out":true"#) }
    #expect(error?.code == FusionError.Code("adapter.wrongShape"))
    #expect(error?.expected?.hasSuffix("transposed") == true)
  }

  @Test(arguments: [([3, 8], [6, 3]), ([1, 8], [6, 1])])
  func aRankThatIsNotStatedIsRefused(a: [Int], b: [Int]) {
    let error = Self.refusal { try Self.plan(Self.pair(Self.prefix, a: a, b: b)) }
    #expect(error?.code == FusionError.Code("adapter.wrongRank"))
    #expect(error?.expected?.contains("rank 2") == true && error?.found?.contains("rank \(a[0])") == true)
  }

  @Test(arguments: [
    ([2, 7], [6, 2]), ([2, 8], [5, 2]), ([2, 8], [6, 3]), ([2, 8], [2, 6]), ([16], [6, 2]), ([2, 8], [12]),
  ])
  func shapesThatDoNotFitAreRefused(a: [Int], b: [Int]) {
    let error = Self.refusal { try Self.plan(Self.pair(Self.prefix, a: a, b: b)) }
    #expect(error?.code == FusionError.Code("adapter.wrongShape"))
    #expect(error?.place?.contains("lora_") == true && error?.file == "adapter_model.safetensors")
  }

  @Test func aHalfIsRefused() {
    for half in Self.pair(Self.prefix) {
      let error = Self.refusal { try Self.plan([half]) }
      #expect(error?.code == FusionError.Code("adapter.halfMissing") && error?.place == "tensor \(half.name)")
    }
  }

  @Test func aNameThatPointsNowhereIsRefusedWithTheNearest() {
    let error = Self.refusal { try Self.plan(Self.pair("base_model.model.model.layers.0.self_attn.qq_proj")) }
    #expect(error?.code == FusionError.Code("adapter.unknownTarget"))
    #expect(error?.found == "the nearest name is model.layers.0.self_attn.q_proj.weight")
    #expect(error?.expected == "model.layers.0.self_attn.qq_proj.weight in base")
  }

  @Test func twoTensorsForOnePlaceAreRefused() {
    let twice = [
      Self.pair(Self.prefix) + Self.pair(Self.prefix, ".default"),
      Self.pair(Self.prefix, ".a") + Self.pair(Self.prefix, ".b"),
      Self.pair(Self.prefix) + Self.pair("layers.0.self_attn.q_proj"),
    ]
    for tensors in twice {
      #expect(Self.refusal { try Self.plan(tensors) }?.code == FusionError.Code("adapter.duplicateTensor"))
    }
    let whole = Self.tensor("base_model.model.model.norm.weight", [8])
    let error = Self.refusal { try Self.plan([whole], [Self.tensor("module.model.norm.weight", [8])]) }
    #expect(error?.code == FusionError.Code("adapter.duplicateTensor"))
    #expect(error?.file == "non_lora_trainables.safetensors")
  }

  @Test func aReplacementOfAnotherShapeIsRefused() {
    let error = Self.refusal { try Self.plan([Self.tensor("base_model.model.model.norm.weight", [9])]) }
    #expect(error?.code == FusionError.Code("adapter.wrongShape") && error?.found == "[9]")
  }

  @Test(arguments: [
    (prefix + ".lora_magnitude_vector.weight", "use_dora"), (prefix + ".lora_magnitude_vector", "use_dora"),
    (prefix + ".lora_B.bias", "lora_bias"), ("model.embed_tokens.token_adapter.trainable_tokens_delta", "single rows"),
    (prefix + ".lora_A.x.y.weight", "form"),
  ])
  func namesOfOtherMethodsAreRefused(name: String, words: String) {
    let error = Self.refusal { try Self.plan(Self.pair(Self.prefix) + [Self.tensor(name, [6])]) }
    #expect(error?.code == FusionError.Code("adapter.unsupported") && error?.found?.contains(words) == true)
  }

  @Test func nothingTrainedIsRefused() {
    #expect(Self.refusal { try Self.plan([]) }?.code == FusionError.Code("adapter.empty"))
  }

  @Test func typesThatDoNotWidenAreRefused() {
    let codes = Self.refusal { try Self.plan(Self.pair("codes")) }
    #expect(codes?.code == FusionError.Code("adapter.wrongType") && codes?.file == "base" && codes?.found == "I8")
    let halves = [
      Self.tensor(Self.prefix + ".lora_A.weight", [2, 8], .f64), Self.tensor(Self.prefix + ".lora_B.weight", [6, 2]),
    ]
    #expect(Self.refusal { try Self.plan(halves) }?.found == "F64")
  }

  @Test func modulesWithoutTensorsAreSaid() throws {
    let plan = try Self.plan(
      Self.pair(Self.prefix), config: #","target_modules":["q_proj","v_proj"],"modules_to_save":["norm"]"#)
    #expect(plan.notices.count == 2)
    #expect(plan.notices.first?.hasSuffix("no update for: v_proj") == true)
    #expect(plan.notices.last?.hasSuffix("does not hold: norm") == true)
  }

  /// A module is found by whole components of a tensor's name.
  @Test func savedModulesAreFoundByComponents() throws {
    let saved = ["norm", "model.norm", "model.layers.0.mlp", "layers.0", "mm_projector", "or", "embed_tokens"]
    let names = saved.map { "\"\($0)\"" }.joined(separator: ",")
    let plan = try Self.plan(
      [
        Self.tensor("base_model.model.model.norm.modules_to_save.default.weight", [8]),
        Self.tensor("base_model.model.model.layers.0.mlp.gate.weight", [8]),
        Self.tensor("base_model.model.model.mm_projector.0.weight", [8]),
      ], config: #","modules_to_save":[\#(names)]"#)
    #expect(plan.notices.count == 1)
    #expect(plan.notices.first?.hasSuffix("does not hold: or, embed_tokens") == true)
  }

  /// Every name against every module would be millions of searches.
  @Test func manyWholeTensorsAndModulesAreTold() throws {
    let saved = (0..<1000).map { "\"m\($0 * 20).x.y\"" }.joined(separator: ",")
    let whole = (0..<19_980).map { Self.tensor("m\($0).x.y.weight", [1]) }
    let plan = try Self.plan(whole, config: #","modules_to_save":[\#(saved)]"#)
    #expect(plan.added.count == 19_980)
    #expect(plan.notices.first?.hasSuffix("does not hold: m19980.x.y") == true)
  }

  @Test func aHeadThatIsTheEmbeddingIsNamed() {
    let head = Self.pair("base_model.model.lm_head", b: [20, 2])
    let error = Self.refusal { try Self.plan(head, base: Self.base.filter { $0.name != "lm_head.weight" }) }
    #expect(error?.code == FusionError.Code("adapter.unknownTarget"))
    #expect(error?.found?.contains("model.embed_tokens.weight (tie_word_embeddings)") == true)
    #expect(error?.remedy?.hasPrefix("merge the adapter with the library that made it") == true)
    // Without an embedding, nothing is known about the head.
    let other = Self.refusal { try Self.plan(head, base: [Self.tensor("model.norm.weight", [8])]) }
    #expect(other?.code == FusionError.Code("adapter.unknownTarget") && other?.found == "no such tensor")
  }
}
