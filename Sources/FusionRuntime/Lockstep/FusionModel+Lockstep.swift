import FusionCore
import WeightGraph

extension FusionModel {
  /// The weights of a stage, in memory for as long as this value lives.
  public struct LoadedStage: Sendable {
    /// Which stage.
    public let stage: LockstepStage
    let encoder: EncoderLayer?
    let decoder: DecoderLayer?
  }

  /// Brings the weights of a stage into memory: once for all prompts.
  ///
  /// - Throws: what is wrong with a weight.
  public func load(_ stage: LockstepStage) throws -> LoadedStage {
    switch stage {
    case .visionLayer(let index):
      guard let vision else { preconditionFailure("a layer of a vision tower that is not there") }
      return LoadedStage(stage: stage, encoder: try vision.tower.layers.layer(index), decoder: nil)
    case .decoderLayer(let index):
      return LoadedStage(stage: stage, encoder: nil, decoder: try language.layers.layer(index))
    case .visionInput, .visionOutput, .languageInput:
      return LoadedStage(stage: stage, encoder: nil, decoder: nil)
    }
  }

  /// Takes one prompt through a stage; stages come in order, and text skips those of the picture.
  ///
  /// Gives bit for bit what ``encode(_:recorder:progress:)`` and
  /// ``prefill(_:features:picture:answerCapacity:recorder:progress:)`` give.
  ///
  /// - Parameter recorder: gets the activations of this stage under the names of `trace`.
  /// - Throws: what is wrong with a weight or a token; `.promptTooLong`; `.nonfiniteActivation` if the context refuses
  ///   such numbers.
  public func advance(
    _ state: LockstepState, through loaded: LoadedStage, recorder: (any ActivationRecorder)? = nil
  ) throws {
    if loaded.stage.isVision {
      guard let request = state.prompt.vision else { return }
      try advanceVision(state, request, loaded, recorder)
      return
    }
    guard case .decoderLayer(let index) = loaded.stage, let layer = loaded.decoder else {
      let layout = try layout(state.prompt.tokens, state.features, .shown)
      let x = try inputs(layout, state.features, .shown)
      try recorder?.record("inputs_embeds", x)
      state.layout = layout
      state.x = x
      return
    }
    guard let x = state.x, let layout = state.layout else { preconditionFailure("the decoder has no input yet") }
    let cache = KeyValueCache(
      layerCount: 1, shape: language.shape, capacity: layout.length, precision: context.keyValuePrecision)
    try language.advance(
      x, language.pass(positions: 0..<layout.length, layout.kinds), through: layer, index: index,
      cache: cache.layer(0, positions: layout.length))
    try interaction(layout, state.features)?.rewrite(x, after: index, context, recorder)
    try recorder?.record("decoder.hidden.\(index)", x)
  }

  private func advanceVision(
    _ state: LockstepState, _ request: VisionRequest, _ loaded: LoadedStage, _ recorder: (any ActivationRecorder)?
  ) throws {
    guard let vision else { preconditionFailure("\(configuration.family.rawValue) has no vision tower") }
    if loaded.stage == .visionInput {
      state.encoding = try beginEncoding(request, recorder: recorder)
      return
    }
    guard let encoding = state.encoding else { preconditionFailure("the picture is not embedded yet") }
    if case .visionLayer(let index) = loaded.stage, let layer = loaded.encoder {
      try vision.tower.advance(encoding.pass, through: layer, index: index, recorder: recorder)
    } else {
      state.features = try finishEncoding(request, encoding, recorder: recorder)
      state.encoding = nil
    }
  }

  /// Logits of some positions of a prompt that has gone through all stages.
  ///
  /// - Returns: [positions, vocabulary].
  public func logits(_ state: LockstepState, positions: [Int]) throws -> ActivationMatrix {
    guard let x = state.x else { preconditionFailure("the prompt has not gone through the decoder") }
    return try language.logits(x.copy(rows: positions), rows: 0..<positions.count).logits
  }
}
