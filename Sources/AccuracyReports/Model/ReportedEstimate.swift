/// A measured number and the interval that it lies in.
///
/// How the interval was made is said in the section Formulas of `formats/report.md`.
public struct ReportedEstimate: Codable, Sendable, Equatable {
  /// The number itself.
  public var value: Double
  /// Lower end of the interval; nil where there are too few samples for one.
  public var low: Double?
  /// Upper end of the interval; nil where ``low`` is.
  public var high: Double?
  /// Share of repetitions in which such an interval holds the true value, over 0 and under 1.
  public var level: Double

  /// Collects the fields.
  public init(
    value: Double, low: Double? = nil, high: Double? = nil, level: Double = 0.95
  ) {
    self.value = value
    self.low = low
    self.high = high
    self.level = level
  }
}
