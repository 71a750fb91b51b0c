/// log2 by operations that are the same on every machine; that of the C library differs between its versions.
public enum BinaryLogarithm {
  /// log2 of a positive normal number; absolute error below 1e-14, or a unit in the last place where that is more.
  ///
  /// The exponent, and for the significand m the series 2 artanh((m - 1) / (m + 1)) / ln 2.
  public static func of(_ x: Double) -> Double {
    precondition(x > 0 && x.isNormal, "log2 of \(x)")
    let t = (x.significand - 1) / (x.significand + 1)
    let square = t * t
    var term = t
    var sum = 0.0
    for n in stride(from: 1, to: 30, by: 2) {
      sum += term / Double(n)
      term *= square
    }
    return Double(x.exponent) + 2 * sum / 0.6931471805599453
  }
}
