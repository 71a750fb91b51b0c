/// The verdict in one word, from the best to the worst.
public enum VerdictGrade: String, Codable, Sendable, CaseIterable {
  /// Nothing that was measured differs.
  case identical
  /// Within the limits of the preset `strict`.
  case nearLossless = "near-lossless"
  /// Within the limits of the preset `normal`.
  case good
  /// Beyond the limits of the preset `normal`.
  case degraded
  /// Values went wrong beyond rounding: not a number, infinity, or a jump of the error.
  case broken
  /// Too little was measured for a verdict.
  case unmeasured

  /// The worse of two grades of what was measured.
  func worst(_ other: VerdictGrade) -> VerdictGrade {
    let order = Self.allCases
    return (order.firstIndex(of: self) ?? 0) < (order.firstIndex(of: other) ?? 0) ? other : self
  }
}
