import FusionCore

extension ExactMath {
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
