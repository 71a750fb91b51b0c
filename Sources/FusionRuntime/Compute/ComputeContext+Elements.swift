import NumericKernels
import WeightGraph

extension ComputeContext {
  /// sum += addend.
  func add(_ addend: ActivationMatrix, to sum: ActivationMatrix) {
    precondition(addend.values.count == sum.values.count, "\(addend.values.count) values to \(sum.values.count)")
    forEachRow(sum.rowCount) { row in self.kernels.add(UnsafeBufferPointer(addend[row]), to: sum[row]) }
  }

  /// Applies an activation function in place.
  func apply(_ activation: Activation, to x: ActivationMatrix) {
    let ones = activation == .silu ? [Float](repeating: 1, count: x.columnCount) : []
    forEachRow(x.rowCount) { row in
      switch activation {
      case .gelu: self.kernels.geluErf(x[row])
      case .geluTanh: self.kernels.geluTanh(x[row])
      case .silu:
        ones.withUnsafeBufferPointer {
          self.kernels.siluMultiply(gate: UnsafeBufferPointer(x[row]), up: $0, into: x[row])
        }
      }
    }
  }

  /// activation(gate) * up of a gated MLP, where each row holds the gate and then as many values to be gated.
  func gate(_ gateAndUp: ActivationMatrix, _ activation: Activation) -> ActivationMatrix {
    let width = gateAndUp.columnCount / 2
    let result = makeMatrix(rows: gateAndUp.rowCount, columns: width)
    forEachRow(result.rowCount) { row in
      let gate = gateAndUp[row, 0..<width]
      let up = UnsafeBufferPointer(gateAndUp[row, width..<(2 * width)])
      switch activation {
      case .silu: self.kernels.siluMultiply(gate: UnsafeBufferPointer(gate), up: up, into: result[row])
      case .gelu, .geluTanh:
        if activation == .gelu { self.kernels.geluErf(gate) } else { self.kernels.geluTanh(gate) }
        for column in 0..<width { result[row][column] = gate[column] * up[column] }
      }
    }
    return result
  }
}
