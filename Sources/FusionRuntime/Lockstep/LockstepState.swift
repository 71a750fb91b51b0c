/// How far one prompt has come.
///
/// Holds activations only: for a picture of 729 patches and a decoder of width 3072 about 60 MB in the tower and 150 MB
/// at most after it.
public final class LockstepState {
  let prompt: LockstepPrompt
  var encoding: FusionModel.BegunEncoding?
  /// What picture and question became; there after ``LockstepStage/visionOutput``.
  public internal(set) var features: VisionFeatures?
  /// Where everything is; there after ``LockstepStage/languageInput``.
  public internal(set) var layout: PromptLayout?
  /// The decoder's residual stream: [positions, hidden]; there after ``LockstepStage/languageInput``.
  public internal(set) var x: ActivationMatrix?

  /// A prompt before the first stage.
  public init(_ prompt: LockstepPrompt) { self.prompt = prompt }

  /// A state of its own from the same place on: what one does the other does not see.
  public init(copying other: LockstepState) {
    prompt = other.prompt
    encoding = other.encoding.map {
      FusionModel.BegunEncoding(
        pass: VisionPass(copying: $0.pass), embeddings: $0.embeddings, isPadding: $0.isPadding)
    }
    features = other.features
    layout = other.layout
    x = other.x?.copy()
  }
}
