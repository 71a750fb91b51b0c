import NumericKernels

/// What was seen while rows were encoded: the values, and how far the codes are from them.
public struct QuantizationStatistics: Sendable {
  /// Of the source's values.
  public var moments = Moments()
  /// Of the source against what decoding yields.
  public var difference = DifferenceSums()
  /// The largest distance in steps between a weight, brought into reach of its codes, and what decoding gives; `nil`
  /// where every code is the nearest one.
  public var largestDeviation: Float?

  /// Nothing seen yet.
  public init() {}

  /// Adds what was seen in later rows.
  public mutating func merge(_ later: QuantizationStatistics) {
    moments.merge(later.moments)
    difference.merge(later.difference)
    if let deviation = later.largestDeviation { largestDeviation = max(largestDeviation ?? 0, deviation) }
  }
}
