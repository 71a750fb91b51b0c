/// What a list of measurements looks like: its size, its middle and its tail.
///
/// The mean is the sum in the order of the list, in float64, over the count; percentiles are those of ``Percentile``.
/// One NaN among the values makes every measure NaN, so that damage is not averaged away.
public struct Summary: Sendable, Hashable {
  /// How many values there are.
  public let count: Int
  /// Their sum over their count.
  public let mean: Double
  /// The middle one, or the mean of the two in the middle.
  public let median: Double
  /// Nine of ten values are at most this.
  public let p90: Double
  /// 99 of 100 values are at most this.
  public let p99: Double
  /// The greatest value.
  public let maximum: Double
  /// Where the mean lies with a confidence of 95 %, as ``MeanInterval`` has it; `nil` without groups, or below two.
  public let interval: ConfidenceInterval?

  /// Measures values.
  ///
  /// - Parameters:
  ///   - values: at least one; in any order.
  ///   - groups: for each value the group that it belongs to, for the interval of the mean.
  /// - Precondition: there is a value, and as many group numbers as values if there are any.
  public init(_ values: [Double], groups: [Int]? = nil) {
    precondition(!values.isEmpty, "a summary of no values")
    count = values.count
    let hasNaN = values.contains(where: \.isNaN)
    let sorted = hasNaN ? [.nan] : values.sorted()
    mean = hasNaN ? .nan : values.reduce(0, +) / Double(values.count)
    median = Percentile.value(50, of: sorted)
    p90 = Percentile.value(90, of: sorted)
    p99 = Percentile.value(99, of: sorted)
    maximum = Percentile.value(100, of: sorted)
    interval = groups.flatMap { MeanInterval.value(of: values, groups: $0) }
  }
}
