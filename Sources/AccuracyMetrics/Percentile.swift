/// The value below which a share of the values lies, with linear interpolation between neighbours.
///
/// Type 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996: with h = (n - 1) p / 100 and values
/// x_0 <= x_1 <= ... it is x_floor(h) + (h - floor(h)) (x_floor(h)+1 - x_floor(h)). The default of R, NumPy and Excel.
public enum Percentile {
  /// The percentile of values in ascending order.
  ///
  /// - Parameters:
  ///   - p: in percent, 0 (the least value) to 100 (the greatest); 50 is the median.
  ///   - sorted: values in ascending order, those that are NaN last; one NaN makes the result NaN.
  /// - Precondition: there is a value, and `p` is in its range.
  public static func value(_ p: Double, of sorted: [Double]) -> Double {
    precondition((0...100).contains(p), "percentile \(p)")
    guard let last = sorted.last else { preconditionFailure("a percentile of no values") }
    if last.isNaN { return .nan }
    let position = Double(sorted.count - 1) * p / 100
    let index = min(Int(position), sorted.count - 1)
    let fraction = position - Double(index)
    let lower = sorted[index]
    // Neighbours that are the same infinity have no difference to interpolate with.
    guard fraction > 0, index + 1 < sorted.count, sorted[index + 1] != lower else { return lower }
    return lower + fraction * (sorted[index + 1] - lower)
  }
}
