import FusionCore

/// A linear layer: y = w x + b.
struct Linear: Sendable {
  let weight: WeightMatrix
  /// One value an output channel, or `nil`.
  let bias: [Float]?
  /// Whether its input may be rounded to bytes where ``ActivationPrecision/int8`` is chosen.
  let permitsRoundedInput: Bool

  /// Collects the parts.
  init(weight: WeightMatrix, bias: [Float]?, permitsRoundedInput: Bool = true) {
    self.weight = weight
    self.bias = bias
    self.permitsRoundedInput = permitsRoundedInput
  }

  /// Reads a weight and, where there is one, its bias.
  ///
  /// - Parameter name: canonical name without `.weight`.
  init(_ name: String, hasBias: Bool, in weights: any ModelWeights, kernels: WeightReading) throws {
    weight = try weights.matrix(name + ".weight")
    bias = hasBias ? try kernels.vector(name + ".bias", in: weights) : nil
    permitsRoundedInput = true
  }

  var inputCount: Int { weight.columnCount }
  var outputCount: Int { weight.rowCount }
}
