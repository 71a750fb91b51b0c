/// Functions built from additions, multiplications, divisions and comparisons alone.
///
/// IEEE 754 fixes the result of those to the last bit, while `exp` and its like differ between versions of the C
/// library. What has to be the same on every machine, as the bytes of a synthetic checkpoint or the tokens that a seed
/// draws, is computed with these.
public enum ExactMath {
  /// e to the power of `x`, for moderate `x`; relative error below 1e-15.
  public static func exponential(_ x: Double) -> Double {
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
}
