/// What one or several linear layers are about to be multiplied with.
public struct LinearInput {
  /// Canonical names of the weights, in the order of their outputs. More than one where layers share this input, as
  /// query, key and value do.
  public let weights: [String]
  /// The rows; valid until the observer returns, and not to be changed.
  public let values: ActivationMatrix
  /// What the rows stand for.
  public let kinds: RowKinds
}
