import Glibc

/// Probabilities of a fair coin, for counts whose binomial coefficient no float64 holds.
///
/// After Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000: factorials by Stirling's formula
/// with its error term apart, so that large logarithms do not cancel.
enum FairCoin {
  /// Probability of exactly so many heads and tails: C(heads + tails, heads) / 2^(heads + tails).
  static func probability(_ heads: Double, _ tails: Double) -> Double {
    let total = heads + tails
    if heads == 0 || tails == 0 { return exp2(-total) }
    let exponent =
      stirlingError(total) - stirlingError(heads) - stirlingError(tails) - deviance(heads, total / 2)
      - deviance(tails, total / 2)
    return (total / (2 * .pi * heads * tails)).squareRoot() * exp(exponent)
  }

  /// log n! less Stirling's sqrt(2 pi n) (n / e)^n, for n >= 1.
  private static func stirlingError(_ n: Double) -> Double {
    if n < 16 {
      var factorial = 1.0
      for factor in stride(from: 2, through: n, by: 1) { factorial *= factor }
      return log(factorial) - ((n + 0.5) * log(n) - n + 0.5 * log(2 * Double.pi))
    }
    let square = n * n
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / n
  }

  /// x log(x / mean) + mean - x, by its series where the terms would cancel.
  private static func deviance(_ x: Double, _ mean: Double) -> Double {
    let difference = x - mean
    guard abs(difference) < 0.1 * (x + mean) else { return x * log(x / mean) - difference }
    let ratio = difference / (x + mean)
    var result = difference * ratio
    var power = 2 * x * ratio
    var divisor = 3.0
    while true {
      power *= ratio * ratio
      let next = result + power / divisor
      if next == result { return result }
      result = next
      divisor += 2
    }
  }
}
