import FusionCore

/// Quantiles by which 16 random bits become a number of a chosen distribution: entry i is the quantile at
/// (i + ½) / 65 536.
///
/// A lookup costs a few cycles whatever the distribution, and gives the same bits on every machine.
struct QuantileTable: Sendable {
  static let count = 65_536
  /// How much heavier than normal the tails are: Tukey's h.
  static let tailWeight = 0.05

  /// The standard normal distribution; the largest entry is 4.33.
  static let normal = QuantileTable(shapedBy: { $0 })

  /// A normal number z stretched to z·exp(h z² / 2), then scaled to variance 1.
  ///
  /// Trained weights have heavier tails than a normal distribution. In the limit the kurtosis is
  /// 3 (1 - 2h)³ / (1 - 4h)^(5/2) = 3.82 for h = 0.05; the largest of 65 536 entries is 6.4.
  static let heavyTailed = QuantileTable(shapedBy: { $0 * ExactMath.exponential(tailWeight * $0 * $0 / 2) })

  /// Ascending.
  let values: [Float]

  private init(shapedBy shape: (Double) -> Double) {
    let upper = QuantileTable.positiveNormalQuantiles.map(shape)
    let variance = upper.reduce(0) { $0 + $1 * $1 } / Double(upper.count)
    let scale = 1 / variance.squareRoot()
    let positive = upper.map { Float($0 * scale) }
    values = positive.reversed().map { -$0 } + positive
  }

  /// The entry that the lowest 16 of some random bits choose.
  func value(_ bits: UInt64) -> Float { values[Int(truncatingIfNeeded: bits & 0xFFFF)] }

  private static let positiveNormalQuantiles: [Double] = {
    var z = 0.0
    return (0..<(count / 2)).map { index in
      let area = (Double(index) + 0.5) / Double(count)
      // Newton's method from the neighbour; a step this small leaves an error of its square.
      var step = 1.0
      while abs(step) > 1e-7 {
        step = (area - ExactMath.normalCentralArea(z)) / ExactMath.normalDensity(z)
        z += step
      }
      return z
    }
  }()
}
