/// What a prompt has places for beside text; the raw value is the marker in its text.
public enum ImageSlot: String, CaseIterable, Sendable {
  /// The picture.
  case image = "<image>"
  /// Latents.
  case latents = "<latent_image>"

  /// Stands for the slot among token ids; the published implementation's number.
  public var placeholder: Int {
    switch self {
    case .image: -200
    case .latents: -300
    }
  }
}
