/// Cosine of the angle between two sequences taken as vectors: sum a b / (sqrt(sum a²) sqrt(sum b²)).
///
/// 1 is the same direction, 0 a right angle, -1 the opposite direction; lengths do not matter. Rounding never takes
/// the result out of -1...1. The angle to a vector of zeros is not defined; two of them are the same vector and give
/// 1, one of them alone gives 0. A NaN in either sequence gives NaN.
public enum CosineSimilarity {
  /// The measure of two sequences of the same length.
  public static func value<Reference: Collection, Other: Collection>(
    reference: Reference, other: Other
  ) -> Double where Reference.Element: BinaryFloatingPoint, Other.Element: BinaryFloatingPoint {
    let sums = PairedSums(reference, other)
    return value(
      dotProduct: sums.dotProduct, referenceEnergy: sums.signalEnergy, otherEnergy: sums.otherEnergy)
  }

  /// The measure from sums that exist already.
  ///
  /// - Parameters:
  ///   - dotProduct: sum of products.
  ///   - referenceEnergy: sum of squares of the reference, not negative.
  ///   - otherEnergy: sum of squares of the other sequence, not negative.
  public static func value(dotProduct: Double, referenceEnergy: Double, otherEnergy: Double) -> Double {
    if referenceEnergy == 0 || otherEnergy == 0 {
      return dotProduct.isNaN ? .nan : referenceEnergy == otherEnergy ? 1 : 0
    }
    let cosine = dotProduct / (referenceEnergy.squareRoot() * otherEnergy.squareRoot())
    return cosine.isNaN ? cosine : min(max(cosine, -1), 1)
  }
}
