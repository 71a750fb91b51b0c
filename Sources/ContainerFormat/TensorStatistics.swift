/// What was seen when a tensor was converted; all doubles are finite.
public struct TensorStatistics: Sendable, Equatable {
  /// Smallest value of the source.
  public var minimum: Double
  /// Largest value of the source.
  public var maximum: Double
  /// Mean of the source's values.
  public var mean: Double
  /// Standard deviation of the source's values; not negative.
  public var standardDeviation: Double
  /// Sum of squares of the source's values; with ``errorEnergy`` it gives the signal-to-noise ratio.
  public var signalEnergy: Double
  /// Sum of squares of decoded minus source values; not negative.
  public var errorEnergy: Double
  /// The largest distance in steps between a weight, brought into reach of its codes, and what decoding gives; not
  /// negative. `nil` where every code is the nearest one.
  public var largestDeviation: Double?

  /// Collects the fields; the index's validation proves them.
  public init(
    minimum: Double, maximum: Double, mean: Double, standardDeviation: Double, signalEnergy: Double,
    errorEnergy: Double, largestDeviation: Double? = nil
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.signalEnergy = signalEnergy
    self.errorEnergy = errorEnergy
    self.largestDeviation = largestDeviation
  }

  /// All zero: what a size forecast uses before the values are known.
  public static let placeholder = TensorStatistics(
    minimum: 0, maximum: 0, mean: 0, standardDeviation: 0, signalEnergy: 0, errorEnergy: 0)
}
