/// What quantized weights are multiplied with.
public enum ActivationPrecision: String, Sendable, CaseIterable {
  /// Float32 activations: the error of a model is that of its weights alone.
  case float32
  /// Activations rounded to int8 in short blocks of columns, and integer dot products: faster, with an error of its
  /// own. Weights that are not quantized are multiplied in float32 all the same.
  case int8
}
