import NumericKernels

/// Root mean square norm: x / sqrt(mean(x^2) + epsilon) * weight.
struct RootMeanSquareNorm: Sendable {
  let weight: [Float]
  let epsilon: Float

  /// Reads the weight of this canonical name.
  init(_ name: String, epsilon: Double, in weights: any ModelWeights, kernels: WeightReading) throws {
    weight = try kernels.vector(name, in: weights)
    self.epsilon = Float(epsilon)
  }

  func apply(to x: ActivationMatrix, _ context: ComputeContext) -> ActivationMatrix {
    let y = context.makeMatrix(rows: x.rowCount, columns: x.columnCount)
    context.forEachRow(x.rowCount) { row in
      weight.withUnsafeBufferPointer {
        context.kernels.rmsNorm(UnsafeBufferPointer(x[row]), weight: $0, epsilon: epsilon, into: y[row])
      }
    }
    return y
  }
}
