internal import CNumericKernels

/// Sums over pairs of values (a reference and its approximation), independent of threads like ``Moments``.
public struct DifferenceSums: Sendable {
  var sums = fk_difference()

  /// No pairs yet.
  public init() {}

  /// Sum of squares of the reference.
  public var signalEnergy: Double { lanes(sums.signal, as: Double.self).reduce(0, +) }

  /// Sum of squared differences.
  public var errorEnergy: Double { lanes(sums.error, as: Double.self).reduce(0, +) }

  /// Greatest absolute difference.
  public var maximumError: Float { lanes(sums.maximum_error, as: Float.self).reduce(0, max) }

  /// Adds what another one has seen after this one.
  public mutating func merge(_ later: DifferenceSums) {
    combine(&sums.signal, later.sums.signal) { (a: Double, b: Double) in a + b }
    combine(&sums.error, later.sums.error) { (a: Double, b: Double) in a + b }
    combine(&sums.maximum_error, later.sums.maximum_error) { (a: Float, b: Float) in max(a, b) }
  }
}
