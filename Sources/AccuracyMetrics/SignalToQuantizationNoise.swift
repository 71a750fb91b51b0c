import Glibc

/// How far the error lies below the signal, in decibels: 10 log10(sum a² / sum (a - b)²), a the reference.
///
/// 6.02 dB are one bit. A NaN in either sequence gives NaN. No error at all gives infinity, for a reference of zeros
/// (or of no values) too; an error on a reference of zeros, or an infinite error, gives minus infinity.
public enum SignalToQuantizationNoise {
  /// The measure of two sequences of the same length, in dB.
  public static func decibels<Reference: Collection, Other: Collection>(
    reference: Reference, other: Other
  ) -> Double where Reference.Element: BinaryFloatingPoint, Other.Element: BinaryFloatingPoint {
    let sums = PairedSums(reference, other)
    return decibels(signalEnergy: sums.signalEnergy, errorEnergy: sums.errorEnergy)
  }

  /// The measure from sums that exist already, in dB.
  ///
  /// - Parameters:
  ///   - signalEnergy: sum of squares of the reference, not negative.
  ///   - errorEnergy: sum of squared differences, not negative.
  public static func decibels(signalEnergy: Double, errorEnergy: Double) -> Double {
    if errorEnergy == 0 { return signalEnergy.isNaN ? .nan : .infinity }
    return 10 * log10(signalEnergy / errorEnergy)
  }
}
