import FusionCore

/// A linear layer: y = w x + b.
struct Linear: Sendable {
  let weight: WeightMatrix
  /// One value an output channel, or `nil`.
  let bias: [Float]?

  /// Collects the parts.
  init(weight: WeightMatrix, bias: [Float]?) {
    self.weight = weight
    self.bias = bias
  }

  /// Reads a weight and, where there is one, its bias.
  ///
  /// - Parameter name: canonical name without `.weight`.
  init(_ name: String, hasBias: Bool, in weights: any ModelWeights, kernels: WeightReading) throws {
    weight = try weights.matrix(name + ".weight")
    bias = hasBias ? try kernels.vector(name + ".bias", in: weights) : nil
  }

  var inputCount: Int { weight.columnCount }
  var outputCount: Int { weight.rowCount }
}
