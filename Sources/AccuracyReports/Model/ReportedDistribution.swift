/// How numbers that are never negative, such as divergences, are spread.
public struct ReportedDistribution: Codable, Sendable, Equatable {
  /// Arithmetic mean, with its interval.
  public var mean: ReportedEstimate
  /// Half of the numbers are at most this.
  public var median: Double
  /// Nine in ten of the numbers are at most this.
  public var p90: Double
  /// 99 in 100 of the numbers are at most this.
  public var p99: Double
  /// The largest number.
  public var maximum: Double

  /// Collects the fields.
  public init(
    mean: ReportedEstimate, median: Double, p90: Double, p99: Double, maximum: Double
  ) {
    self.mean = mean
    self.median = median
    self.p90 = p90
    self.p99 = p99
    self.maximum = maximum
  }
}
