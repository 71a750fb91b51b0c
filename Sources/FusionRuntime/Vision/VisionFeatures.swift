/// What a picture and a question become for the decoder.
public struct VisionFeatures {
  /// The picture in the decoder's width: [patches, hidden], or fewer rows after a resize.
  public let image: ActivationMatrix
  /// The picture before a resize: [patches, hidden].
  public let patches: ActivationMatrix
  /// The question after its way through the tower: [tokens, hidden].
  public let instruction: ActivationMatrix
  /// The question's embeddings: [tokens, hidden].
  public let instructionEmbeddings: ActivationMatrix
  /// For each token of the question whether it counts as padding.
  public let isPadding: [Bool]
  /// Embedded patches of the whole picture, in the tower's width: [patches, vision hidden].
  public let patchEmbeddings: ActivationMatrix
  /// The first latents: [query length, hidden].
  public let latents: ActivationMatrix
  /// What the samplers look at: [query length * window^2, hidden], the window of one latent after that of another.
  public let windows: ActivationMatrix
}
