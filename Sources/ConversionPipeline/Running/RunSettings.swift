import FusionRuntime
import TextTokenizer

/// How a model is held and what it computes with.
public struct RunSettings: Sendable {
  /// Whether all weights are in memory.
  public var residency = WeightResidency.resident
  /// What quantized weights are multiplied with.
  public var precision = ActivationPrecision.float32
  /// What keys and values of earlier positions are held as.
  public var keyValuePrecision = KeyValuePrecision.float32
  /// Which of the model's tokenizers to use; `nil` for the one that the reference would.
  public var tokenizer: TokenizerChoice?
  /// Whether NaN and infinity in activations are errors; a comparison wants to see where they begin.
  public var refusesNonfinite = true
  /// Sees the inputs of linear layers.
  public var inputObserver: (any LinearInputObserver)?

  /// The standard settings.
  public init() {}
}
