/// Functions built from additions, multiplications, divisions and comparisons alone.
///
/// IEEE 754 fixes the result of those to the last bit, while `exp` and its like differ between versions of the C
/// library; the bytes of a synthetic checkpoint must not.
enum ExactMath {
  /// e to the power of `x`, for moderate `x`; relative error below 1e-15.
  static func exponential(_ x: Double) -> Double {
    precondition(abs(x) < 500, "exponential of \(x)")
    let steps = (x / 0.6931471805599453).rounded()
    // ln 2 in two parts, the first short enough that its multiples are exact.
    let rest = (x - steps * 0x1.62e42fefap-1) - steps * 0x1.cf79abc9e3b39p-40
    var term = 1.0
    var sum = 1.0
    for n in 1...20 {
      term *= rest / Double(n)
      sum += term
    }
    return sum * Double(sign: .plus, exponent: Int(steps), significand: 1)
  }

  /// Density of the standard normal distribution.
  static func normalDensity(_ z: Double) -> Double { exponential(-z * z / 2) * 0.3989422804014327 }

  /// The part of the standard normal distribution between 0 and `z`, for `z` in 0 ... 8.
  ///
  /// The series z + z³/3 + z⁵/(3·5) + … times the density: all terms are positive, so nothing cancels.
  static func normalCentralArea(_ z: Double) -> Double {
    precondition(z >= 0 && z <= 8, "central area to \(z)")
    var term = z
    var sum = z
    var odd = 3.0
    while term > sum * 1e-17 {
      term *= z * z / odd
      sum += term
      odd += 2
    }
    return sum * normalDensity(z)
  }
}
