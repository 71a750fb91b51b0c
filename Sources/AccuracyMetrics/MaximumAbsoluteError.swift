/// Greatest distance of a pair: max |a - b|.
///
/// In the unit of the values. No values give 0. A pair whose difference is NaN (a NaN, or two infinities of one sign)
/// makes the result NaN, so that damage cannot hide behind a greatest number.
public enum MaximumAbsoluteError {
  /// The measure of two sequences of the same length.
  ///
  /// - Precondition: both have the same number of values.
  public static func value<Reference: Collection, Other: Collection>(
    reference: Reference, other: Other
  ) -> Double where Reference.Element: BinaryFloatingPoint, Other.Element: BinaryFloatingPoint {
    precondition(reference.count == other.count, "\(reference.count) values against \(other.count)")
    var greatest = 0.0
    for (x, y) in zip(reference, other) {
      let distance = abs(Double(x) - Double(y))
      if distance.isNaN { return .nan }
      greatest = max(greatest, distance)
    }
    return greatest
  }
}
