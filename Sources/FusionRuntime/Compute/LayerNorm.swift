import NumericKernels

/// Layer norm: (x - mean) / sqrt(variance + epsilon) * weight + bias.
struct LayerNorm: Sendable {
  let weight: [Float]
  let bias: [Float]
  let epsilon: Float

  /// Reads weight and bias.
  ///
  /// - Parameter name: canonical name without `.weight`.
  init(_ name: String, epsilon: Double, in weights: any ModelWeights, kernels: WeightReading) throws {
    weight = try kernels.vector(name + ".weight", in: weights)
    bias = try kernels.vector(name + ".bias", in: weights)
    self.epsilon = Float(epsilon)
  }

  func apply(to x: ActivationMatrix, _ context: ComputeContext) -> ActivationMatrix {
    let y = context.makeMatrix(rows: x.rowCount, columns: x.columnCount)
    context.forEachRow(x.rowCount) { row in
      weight.withUnsafeBufferPointer { weight in
        bias.withUnsafeBufferPointer { bias in
          context.kernels.layerNorm(
            UnsafeBufferPointer(x[row]), weight: weight, bias: bias, epsilon: epsilon, into: y[row])
        }
      }
    }
    return y
  }
}
