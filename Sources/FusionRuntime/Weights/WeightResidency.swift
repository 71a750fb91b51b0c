/// How a model's weights are held while it runs.
public enum WeightResidency: String, Sendable, CaseIterable {
  /// All of them in memory, quantized ones as codes.
  case resident
  /// One layer at a time, read again in every pass: for machines smaller than the model.
  case streamed
}
