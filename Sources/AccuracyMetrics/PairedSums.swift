/// The sums over pairs of values that the measures of this module are made of.
///
/// Everything is added in float64 and in the order of the values, so that equal inputs give equal bits.
public struct PairedSums: Sendable, Equatable {
  /// Pairs seen.
  public private(set) var count = 0
  /// Sum of a b.
  public private(set) var dotProduct = 0.0
  /// Sum of a², with a of the reference.
  public private(set) var signalEnergy = 0.0
  /// Sum of b², with b of the other sequence.
  public private(set) var otherEnergy = 0.0
  /// Sum of (a - b)².
  public private(set) var errorEnergy = 0.0

  /// Adds up two sequences pair by pair.
  ///
  /// - Precondition: both have the same number of values.
  public init<Reference: Collection, Other: Collection>(_ reference: Reference, _ other: Other)
  where Reference.Element: BinaryFloatingPoint, Other.Element: BinaryFloatingPoint {
    precondition(reference.count == other.count, "\(reference.count) values against \(other.count)")
    for (x, y) in zip(reference, other) {
      let (a, b) = (Double(x), Double(y))
      count += 1
      dotProduct += a * b
      signalEnergy += a * a
      otherEnergy += b * b
      errorEnergy += (a - b) * (a - b)
    }
  }
}
