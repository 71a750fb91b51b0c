/// Which side of the model an activation belongs to.
public enum ActivationPart: String, Codable, Sendable, CaseIterable {
  /// Tower, projectors and what they make of the picture and the instruction.
  case vision
  /// Token embeddings, decoder and logits.
  case language
}
