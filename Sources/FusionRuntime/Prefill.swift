/// A prompt that has gone through the model: what decoding goes on from.
public struct Prefill {
  /// Where everything is.
  public let layout: PromptLayout
  /// Keys and values of the prompt, with room for the answer.
  public let cache: KeyValueCache
  /// The residual stream after the last layer: [positions, hidden].
  public let states: ActivationMatrix
}
