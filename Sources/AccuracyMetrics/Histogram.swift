/// How many divergences are of which order of magnitude, in bins of half a decade from 1e-8 to 100 nats.
///
/// Bin i holds `edges[i] <= value < edges[i + 1]`. What lies outside is counted apart: exact zeros, which mean equal
/// logits and fit on no logarithmic axis, what is smaller than the first edge, what is as large as the last one, and
/// NaN. All counts together are the number of values.
public struct Histogram: Sendable, Hashable {
  /// Edges of the bins, 10^-8, 10^-7.5, ... 10^2 nats: one more than there are bins.
  public static let edges: [Double] = [
    1e-8, 3.1622776601683795e-8, 1e-7, 3.1622776601683795e-7, 1e-6, 3.1622776601683795e-6, 1e-5,
    3.1622776601683795e-5, 1e-4, 3.1622776601683795e-4, 1e-3, 3.1622776601683795e-3, 1e-2, 3.1622776601683795e-2, 0.1,
    0.31622776601683795, 1, 3.1622776601683795, 10, 31.622776601683795, 100,
  ]

  /// Values that are exactly 0.
  public private(set) var zeroCount = 0
  /// Values above 0 and below the first edge.
  public private(set) var belowCount = 0
  /// Values of each bin.
  public private(set) var binCounts = [Int](repeating: 0, count: Histogram.edges.count - 1)
  /// Values at the last edge or above, infinity included.
  public private(set) var aboveCount = 0
  /// Values that are NaN.
  public private(set) var nanCount = 0

  /// Counts values, in any order.
  public init(_ values: [Double] = []) {
    for value in values { add(value) }
  }

  /// Counts one more value.
  ///
  /// - Precondition: it is not negative.
  public mutating func add(_ value: Double) {
    precondition(!(value < 0), "a divergence of \(value)")
    if value.isNaN {
      nanCount += 1
    } else if value == 0 {
      zeroCount += 1
    } else if let next = Histogram.edges.firstIndex(where: { value < $0 }) {
      if next == 0 { belowCount += 1 } else { binCounts[next - 1] += 1 }
    } else {
      aboveCount += 1
    }
  }
}
