/// What quantized weights are multiplied with.
public enum ActivationPrecision: String, Sendable, CaseIterable {
  /// Float32 activations: the error of a model is that of its weights alone.
  case float32
  /// Activations rounded to int8 in short blocks of columns, and integer dot products: faster, with an error of its
  /// own. Weights that are not quantized are multiplied in float32 all the same.
  case int8

  /// What keys and values are held as where nobody says otherwise: with activations that have an error of their own, one
  /// that is smaller by far, for half the memory.
  public var usualKeyValuePrecision: KeyValuePrecision { self == .int8 ? .bf16 : .float32 }
}
