/// What is quantized alone when a model's sensitivity is measured.
public enum SensitivityUnit: String, Sendable, CaseIterable {
  /// One tensor at a time.
  case tensors
  /// All tensors of a layer at a time, for models of which a pass takes long.
  case layers
  /// Tensors that do the same in neighbouring layers: an eighth of a tower's layers at a time.
  case parts
}
