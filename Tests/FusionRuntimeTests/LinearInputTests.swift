import FusionCore
import FusionRuntime
import NumericKernels
import Testing
import WeightGraph

/// What an observer of linear layers sees.
@Suite struct LinearInputTests {
  private func model(
    _ configuration: ModelConfiguration, _ observer: (any LinearInputObserver)?,
    residency: WeightResidency = .streamed
  ) throws -> FusionModel {
    try FusionModel(
      MemoryWeights(configuration, seed: 8), residency: residency,
      context: ComputeContext(kernels: try KernelSet.forThisMachine(), threads: 2, observer: observer))
  }

  private func fusion() throws -> ModelConfiguration { try SmallModels.fusion(side: 4, queryLengths: "4", window: 1) }

  /// A prompt with a picture through the whole model.
  private func run(_ model: FusionModel) throws -> (prefill: Prefill, logits: [Float]) {
    let request = SmallPicture.request(side: 4, queryLength: 4)
    let features = try model.encode(request)
    let prefill = try model.prefill(SmallPicture.prompt, features: features, answerCapacity: 1)
    let length = prefill.layout.length
    return (prefill, try model.language.logits(prefill.states, rows: (length - 2)..<length).logits.array)
  }

  @Test func observingChangesNoBit() throws {
    let recorder = InputRecorder()
    let seen = try run(try model(try fusion(), recorder))
    let unseen = try run(try model(try fusion(), nil))
    #expect(seen.prefill.states.array == unseen.prefill.states.array)
    #expect(seen.logits == unseen.logits)
    #expect(!recorder.entries.isEmpty)
  }

  /// All matrices that are multiplied, each with the weights that share its input.
  @Test func everyLinearLayerIsSeen() throws {
    let recorder = InputRecorder()
    let configuration = try fusion()
    _ = try run(try model(configuration, recorder))
    let expected = ExpectedTensors.list(for: configuration).filter { tensor in
      tensor.canonicalName.hasSuffix(".weight") && tensor.shape.dimensions.count > 1 && !tensor.isOptional
        && tensor.role != .embedding && tensor.canonicalName != "vision.position_embedding.weight"
    }
    #expect(Set(recorder.entries.flatMap(\.weights)) == Set(expected.map(\.canonicalName)))
    let widths = Dictionary(
      expected.map { ($0.canonicalName, $0.shape.columnCount) }, uniquingKeysWith: { first, _ in first })
    for entry in recorder.entries {
      for weight in entry.weights { #expect(widths[weight] == entry.columnCount) }
    }
  }

  @Test func layersOfOneInputAreSeenOnce() throws {
    let recorder = InputRecorder()
    _ = try run(try model(try fusion(), recorder))
    let shared = Set(recorder.entries.map(\.weights).filter { $0.count > 1 })
    let decoder = (0..<2).flatMap { layer in
      [["attention.q", "attention.k", "attention.v"], ["mlp.gate", "mlp.up"]].map { names in
        names.map { "language.layers.\(layer).\($0).weight" }
      }
    }
    let tower = (0..<2).map { layer in
      ["q", "k", "v"].map { "vision.layers.\(layer).attention.\($0).weight" }
    }
    #expect(shared == Set(decoder + tower))

    let phi = InputRecorder()
    let model = try model(try SmallModels.language("phi3"), phi)
    _ = try model.prefill(PromptTokens(ids: [1, 2, 3]), features: nil, answerCapacity: 1)
    #expect(phi.entries.allSatisfy { $0.weights.count == 1 })
    #expect(phi.entries.first?.weights == ["language.layers.0.attention.qkv.weight"])
  }

  @Test func rowsAreOfTheirKinds() throws {
    let recorder = InputRecorder()
    let prefill = try run(try model(try fusion(), recorder)).prefill
    // Text, picture of 16, text, latents of 4, text.
    let decoder = [
      RowKinds.Run(rows: 0..<1, isVision: false), RowKinds.Run(rows: 1..<17, isVision: true),
      RowKinds.Run(rows: 17..<18, isVision: false), RowKinds.Run(rows: 18..<22, isVision: true),
      RowKinds.Run(rows: 22..<25, isVision: false),
    ]
    #expect(prefill.layout.kinds.runs(rowCount: 25) == decoder)
    // Sixteen patches, four tokens of the question, four quarters.
    let tower = [
      RowKinds.Run(rows: 0..<16, isVision: true), RowKinds.Run(rows: 16..<20, isVision: false),
      RowKinds.Run(rows: 20..<84, isVision: true),
    ]
    for entry in recorder.entries {
      let name = entry.weights[0]
      let rowCount = entry.values.count / entry.columnCount
      switch name.split(separator: ".")[0] {
      case "language" where name == "language.head.weight":
        #expect(entry.runs == [RowKinds.Run(rows: 0..<2, isVision: false)])
      case "language": #expect(entry.runs == decoder, "\(name)")
      case "vision" where name == "vision.patch_embedding.weight":
        #expect(entry.runs == [RowKinds.Run(rows: 0..<16, isVision: true)])
      case "vision": #expect(entry.runs == tower, "\(name)")
      case "aux_projector": #expect(entry.runs == [RowKinds.Run(rows: 0..<4, isVision: false)])
      case "projector" where rowCount == 20: #expect(entry.runs == Array(tower[..<2]))
      default: #expect(entry.runs == [RowKinds.Run(rows: 0..<rowCount, isVision: true)], "\(name)")
      }
    }
  }

  /// A norm worked out in float64 from the residual stream, which is recorded elsewhere.
  @Test func inputsAreWhatTheLayersGet() throws {
    let recorder = InputRecorder()
    let configuration = try fusion()
    let weights = MemoryWeights(configuration, seed: 8)
    let model = try model(configuration, recorder)
    let store = ActivationStore()
    let features = try model.encode(SmallPicture.request(side: 4, queryLength: 4))
    _ = try model.prefill(SmallPicture.prompt, features: features, answerCapacity: 1, recorder: store)
    let width = configuration.language.hiddenSize
    for layer in 0..<2 {
      let entry = try #require(
        recorder.entries.first { $0.weights[0] == "language.layers.\(layer).attention.q.weight" })
      let name = layer == 0 ? "inputs_embeds" : "decoder.hidden.\(layer - 1)"
      let x = try #require(store.entries[name]).values.map(Double.init)
      let scale = try #require(weights.values["language.layers.\(layer).attention_norm.weight"])
      for row in 0..<(x.count / width) {
        let values = x[(row * width)..<((row + 1) * width)]
        let mean = values.reduce(0) { $0 + $1 * $1 } / Double(width)
        let factor = 1 / (mean + configuration.language.rmsNormEpsilon).squareRoot()
        for (column, value) in values.enumerated() {
          let expected = value * factor * Double(scale[column])
          let found = Double(entry.values[row * width + column])
          #expect(abs(found - expected) <= 1e-5 * max(1, abs(expected)), "layer \(layer), row \(row)")
        }
      }
    }
  }
}
