/// The verdict in one word.
public enum VerdictGrade: String, Codable, Sendable, CaseIterable {
  /// Nothing that was measured differs.
  case identical
  /// Within the limits of the preset `strict`.
  case close
  /// Within the limits of the preset `normal`.
  case usable
  /// Beyond the limits of the preset `normal`.
  case degraded
  /// Values went wrong beyond rounding: not a number, infinity, or a jump of the error.
  case broken
  /// Too little was measured for a verdict.
  case unmeasured
}
