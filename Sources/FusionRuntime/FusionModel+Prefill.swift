import FusionCore
import WeightGraph

extension FusionModel {
  /// Positions for an answer that memory is taken for at once.
  private static let firstAnswerCapacity = 128

  /// Runs a prompt through the decoder and the samplers, all positions at once.
  ///
  /// The samplers read the state of the last prompt token and rewrite earlier positions, so a prompt cannot be cut into
  /// pieces.
  ///
  /// - Parameters:
  ///   - prompt: ids and placeholders.
  ///   - features: of the picture; `nil` for text alone, which must have no placeholders.
  ///   - picture: what the placeholders get.
  ///   - answerCapacity: positions that the answer may take.
  /// - Throws: what is wrong with a weight; `.promptTooLong`, `.latentsWithoutQuestion`, `.tokenOutOfRange`,
  ///   `.nonfiniteActivation`.
  public func prefill(
    _ prompt: PromptTokens, features: VisionFeatures?, picture: PictureUse = .shown, answerCapacity: Int,
    recorder: (any ActivationRecorder)? = nil, progress: LayerProgress? = nil
  ) throws -> Prefill {
    let layout = try layout(prompt, features, picture)
    let x = try inputs(layout, features, picture)
    try recorder?.record(features == nil ? "embeddings" : "inputs_embeds", x)
    if let recorder {
      let tables = language.rotary.tables(positions: 0..<layout.length)
      try recorder.record("rope.cos", tables.cosines)
      try recorder.record("rope.sin", tables.sines)
    }
    let cache = language.makeCache(capacity: layout.length + min(answerCapacity, Self.firstAnswerCapacity))
    let plan = interaction(layout, features)
    try language.forward(x, start: 0, cache: cache, kinds: layout.kinds) { layer, x in
      try plan?.rewrite(x, after: layer, context, recorder)
      try recorder?.record("decoder.hidden.\(layer)", x)
      progress?(layer + 1, language.layerCount)
    }
    return Prefill(layout: layout, cache: cache, states: x)
  }

  /// Where everything of a prompt will be.
  ///
  /// - Throws: `.promptTooLong`, `.latentsWithoutQuestion`.
  func layout(_ prompt: PromptTokens, _ features: VisionFeatures?, _ picture: PictureUse) throws -> PromptLayout {
    let layout = try PromptLayout(
      prompt, imageTokenCount: picture == .shown ? features?.image.rowCount : nil,
      queryLength: features?.latents.rowCount ?? 0)
    let limit = configuration.language.maxPositionEmbeddings
    guard layout.length <= limit else {
      throw FusionError(
        .promptTooLong, "the prompt does not fit into the model's context", place: "max_position_embeddings",
        expected: "at most \(limit) positions", found: "\(layout.length) positions",
        remedy: "shorten the prompt or the conversation")
    }
    return layout
  }

  /// The decoder's input.
  func inputs(
    _ layout: PromptLayout, _ features: VisionFeatures?, _ picture: PictureUse
  ) throws -> ActivationMatrix {
    let x = ActivationMatrix(rows: layout.length, columns: language.hiddenSize)
    var position = 0
    for piece in layout.pieces {
      var rows: ActivationMatrix?
      switch piece {
      case .text(let tokens): rows = try language.embed(tokens)
      case .image: rows = features?.image
      case .latents:
        rows = picture == .shown ? features?.latents : nil
        if rows == nil { position += features?.latents.rowCount ?? 0 }
      }
      guard let rows else { continue }
      x.replaceRows(at: position, with: rows, rows: 0..<rows.rowCount)
      position += rows.rowCount
    }
    return x
  }

  func interaction(_ layout: PromptLayout, _ features: VisionFeatures?) -> InteractionPlan? {
    guard let vision, let features, !layout.latentPositions.isEmpty else { return nil }
    return InteractionPlan(
      samplers: vision.samplers, layers: vision.interaction.samplerLayers(layerCount: language.layerCount),
      queryLength: features.latents.rowCount, windows: features.windows, latentPositions: layout.latentPositions,
      questionPositions: layout.questionPositions,
      check: NonfiniteCheck(weights: language.weights, context: context))
  }
}

/// What the placeholders of a prompt get.
public enum PictureUse: Sendable, Hashable {
  /// The first the picture, the others latents.
  case shown
  /// All of them zeros: text without a picture, in the form that the reference was trained on.
  case blank
}
