/// A way for an activation to be wrong beyond rounding.
public enum BadValueKind: String, Codable, Sendable, CaseIterable {
  /// A value is not a number.
  case nan
  /// A value is infinite.
  case infinity
  /// The error grows at once by far more than at any other point.
  case jump
}
