/// What a tensor does, which decides how wide its numbers are kept; the raw value is for JSON and options.
///
/// A bias has the role of its module, but every weight and bias of a LayerNorm or RMSNorm is ``norm``, wherever it is.
public enum TensorRole: String, Sendable, CaseIterable, Codable {
  /// Embeddings and linear layers of the vision tower.
  case vision
  /// Vision features to decoder width.
  case projector
  /// Instruction embeddings to vision width.
  case auxProjector
  /// Linear layers of the samplers that rewrite the latents.
  case sampler
  /// The token embedding.
  case embedding
  /// Query, key, value and output of a decoder layer.
  case attention
  /// Gate, up and down of a decoder layer.
  case mlp
  /// Any LayerNorm or RMSNorm.
  case norm
  /// The output head over the vocabulary.
  case head
  /// Tables that a runtime computes for itself.
  case buffer
}
