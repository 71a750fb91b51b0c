/// Length of the error in lengths of the reference: sqrt(sum (a - b)² / sum a²), a the reference.
///
/// For matrices this is the Frobenius norm of the difference over that of the reference. No error gives 0, for a
/// reference of zeros too; an error on a reference of zeros gives infinity; a NaN in either sequence gives NaN.
public enum RelativeFrobeniusError {
  /// The measure of two sequences of the same length, a fraction (0.01 is one percent).
  public static func value<Reference: Collection, Other: Collection>(
    reference: Reference, other: Other
  ) -> Double where Reference.Element: BinaryFloatingPoint, Other.Element: BinaryFloatingPoint {
    let sums = PairedSums(reference, other)
    return value(signalEnergy: sums.signalEnergy, errorEnergy: sums.errorEnergy)
  }

  /// The measure from sums that exist already.
  ///
  /// - Parameters:
  ///   - signalEnergy: sum of squares of the reference, not negative.
  ///   - errorEnergy: sum of squared differences, not negative.
  public static func value(signalEnergy: Double, errorEnergy: Double) -> Double {
    if errorEnergy == 0 { return signalEnergy.isNaN ? .nan : 0 }
    return (errorEnergy / signalEnergy).squareRoot()
  }
}
