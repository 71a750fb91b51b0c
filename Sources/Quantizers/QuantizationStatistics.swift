import NumericKernels

/// What was seen while rows were encoded: the values, and how far the codes are from them.
public struct QuantizationStatistics: Sendable {
  /// Of the source's values.
  public var moments = Moments()
  /// Of the source against what decoding yields.
  public var difference = DifferenceSums()

  /// Nothing seen yet.
  public init() {}

  /// Adds what was seen in later rows.
  public mutating func merge(_ later: QuantizationStatistics) {
    moments.merge(later.moments)
    difference.merge(later.difference)
  }
}
