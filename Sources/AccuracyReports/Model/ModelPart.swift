/// Which part of the model a tensor belongs to, coarse enough for a colour in a plot.
public enum ModelPart: String, Codable, Sendable, CaseIterable {
  /// The vision tower.
  case vision
  /// Both projectors, into the language model and back.
  case projector
  /// The samplers that rewrite the latents.
  case sampler
  /// Layers and norms of the decoder.
  case language
  /// The token embedding.
  case embedding
  /// The output head.
  case head
}
