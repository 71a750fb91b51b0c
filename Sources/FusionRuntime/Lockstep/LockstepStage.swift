/// A part of the forward pass that needs the weights of one layer, or few.
public enum LockstepStage: Sendable, Hashable {
  /// The question into the tower's width, and the embedding of the picture.
  case visionInput
  /// A layer of the vision tower.
  case visionLayer(Int)
  /// Connector, projector, latents.
  case visionOutput
  /// The decoder's input.
  case languageInput
  /// A layer of the decoder, with the sampler that may follow it.
  case decoderLayer(Int)

  /// Whether only prompts with a picture go through it.
  public var isVision: Bool {
    switch self {
    case .visionInput, .visionLayer, .visionOutput: true
    case .languageInput, .decoderLayer: false
    }
  }
}

extension FusionModel {
  /// The stages of a pass, in order.
  ///
  /// - Parameter hasPictures: whether any prompt has a picture.
  public func lockstepStages(hasPictures: Bool) -> [LockstepStage] {
    var stages: [LockstepStage] = []
    if hasPictures, let vision {
      stages.append(.visionInput)
      stages += (0..<vision.tower.layers.count).map(LockstepStage.visionLayer)
      stages.append(.visionOutput)
    }
    stages.append(.languageInput)
    return stages + (0..<language.layerCount).map(LockstepStage.decoderLayer)
  }
}
