/// What is known of the inputs of linear layers when the error of their outputs is predicted.
public enum InputBasis: String, Sendable, Encodable {
  /// Nothing: the sizes of the weights' columns stand in for them.
  case weights
  /// The mean square of each column.
  case squares
  /// The mean products of all pairs of columns.
  case products
}
