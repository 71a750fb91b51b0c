/// What codes stand for, in units of a group's scale.
public enum CodeSpacing: Sendable, Hashable {
  /// Themselves, less a zero point where there is one.
  case even
  /// Entries of ``WeightGrid``, which codes are indices into.
  case grid
}
