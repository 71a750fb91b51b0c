/// Which image markers a conversation's text carries.
public enum ConversationMarkers: Sendable, Hashable {
  /// The picture before the first question, and latents before every question.
  case image
  /// Latents before every question and no picture: how FUSION was trained on text, with zeros in the latents' place.
  case latentsOnly
  /// None: a plain language model, or FUSION used as one.
  case none
}
