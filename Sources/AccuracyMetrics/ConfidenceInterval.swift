/// A range that holds the true value of a measure in 95 of 100 repetitions of the measurement.
public struct ConfidenceInterval: Sendable, Hashable {
  /// How often the range holds the true value.
  public static let level = 0.95

  /// Lower end, in the unit of the measure.
  public var lower: Double
  /// Upper end, in the unit of the measure.
  public var upper: Double
  /// How often the range holds the true value: ``level``.
  public var level: Double { ConfidenceInterval.level }

  /// Collects the ends.
  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}
