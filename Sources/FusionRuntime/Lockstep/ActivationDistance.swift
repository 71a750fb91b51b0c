import NumericKernels

/// How far the activations of two models are from each other, as sums that can be added up over samples.
public struct ActivationDistance: Sendable {
  /// The worst that a model computed at a point.
  public enum Nonfinite: Int, Sendable {
    /// Finite numbers only.
    case none
    /// Infinity, but no NaN.
    case infinity
    /// NaN.
    case nan
  }

  /// Sum of squares of the reference.
  public private(set) var referenceEnergy = 0.0
  /// Sum of squares of the candidate's finite values.
  public private(set) var candidateEnergy = 0.0
  /// Sum of squared differences.
  public private(set) var errorEnergy = 0.0
  /// Greatest absolute difference.
  public private(set) var maximumError = 0.0
  /// Whether the candidate's values are numbers.
  public private(set) var candidateNonfinite = Nonfinite.none

  /// Sum of products, from the energies: (a² + b² - (a - b)²) / 2.
  public var dotProduct: Double { (referenceEnergy + candidateEnergy - errorEnergy) / 2 }

  /// Nothing yet.
  public init() {}

  /// Measures two matrices.
  ///
  /// - Precondition: the same size.
  public init(reference: ActivationMatrix, candidate: ActivationMatrix, kernels: KernelSet) {
    precondition(
      reference.rowCount == candidate.rowCount && reference.columnCount == candidate.columnCount,
      "\(reference.rowCount) x \(reference.columnCount) against \(candidate.rowCount) x \(candidate.columnCount)")
    var difference = DifferenceSums()
    var moments = Moments()
    let values = UnsafeBufferPointer(candidate.values)
    kernels.accumulate(reference: UnsafeBufferPointer(reference.values), other: values, into: &difference)
    kernels.accumulate(values, into: &moments)
    referenceEnergy = difference.signalEnergy
    candidateEnergy = moments.squareSum
    errorEnergy = difference.errorEnergy
    maximumError = Double(difference.maximumError)
    if moments.nonfiniteCount > 0 {
      candidateNonfinite = values.contains(where: \.isNaN) ? .nan : .infinity
    }
  }

  /// Adds another sample.
  public mutating func merge(_ other: ActivationDistance) {
    referenceEnergy += other.referenceEnergy
    candidateEnergy += other.candidateEnergy
    errorEnergy += other.errorEnergy
    maximumError = maximumError.isNaN || other.maximumError.isNaN ? .nan : max(maximumError, other.maximumError)
    if other.candidateNonfinite.rawValue > candidateNonfinite.rawValue { candidateNonfinite = other.candidateNonfinite }
  }
}
