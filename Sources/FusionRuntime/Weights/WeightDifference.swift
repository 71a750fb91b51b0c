import NumericKernels

/// How far one weight is from another of the same shape.
public struct WeightDifference: Sendable {
  /// Sum of squares of the reference.
  public internal(set) var referenceEnergy = 0.0
  /// Sum of squares of the candidate.
  public internal(set) var candidateEnergy = 0.0
  /// Sum of squared differences.
  public internal(set) var errorEnergy = 0.0
  /// Greatest absolute difference.
  public internal(set) var maximumError = 0.0
  /// Values of the reference beyond the least and the greatest that the candidate's codes can stand for.
  public internal(set) var clippedCount = 0
  /// Values of the reference more than six standard deviations from the tensor's mean.
  public internal(set) var outlierCount = 0
  /// Values that are NaN or infinite, on the reference's side and on the candidate's.
  public internal(set) var nonfiniteCounts = (reference: 0, candidate: 0)
  /// Values compared.
  public internal(set) var count = 0

  /// Whether every value is the same number.
  public var isExact: Bool { errorEnergy == 0 && maximumError == 0 }

  /// Sum of products, from the energies: (a² + b² - (a - b)²) / 2.
  public var dotProduct: Double { (referenceEnergy + candidateEnergy - errorEnergy) / 2 }
}
