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
    let function = RowActivation(activation, width: x.columnCount)
    forEachRow(x.rowCount) { row in function.apply(to: x[row], self.kernels) }
  }

  /// activation(gate) * up of a gated MLP, where each row holds the gate and then as many values to be gated.
  func gate(_ gateAndUp: ActivationMatrix, _ activation: Activation) -> ActivationMatrix {
    let width = gateAndUp.columnCount / 2
    let result = makeMatrix(rows: gateAndUp.rowCount, columns: width)
    let function = RowActivation(activation, width: width)
    forEachRow(result.rowCount) { row in
      let gate = gateAndUp[row, 0..<width]
      let up = UnsafeBufferPointer(gateAndUp[row, width..<(2 * width)])
      switch activation {
      case .silu: self.kernels.siluMultiply(gate: UnsafeBufferPointer(gate), up: up, into: result[row])
      case .gelu, .geluTanh, .quickGelu:
        function.apply(to: gate, self.kernels)
        for column in 0..<width { result[row][column] = gate[column] * up[column] }
      }
    }
    return result
  }
}

/// An activation function for rows of a width.
private struct RowActivation: Sendable {
  private let activation: Activation
  /// What rows are multiplied with before and after the logistic function, for those made of it.
  private let inner: [Float]
  private let outer: [Float]

  init(_ activation: Activation, width: Int) {
    self.activation = activation
    let scale: Float? =
      switch activation {
      case .silu: 1
      case .quickGelu: 1.702
      case .gelu, .geluTanh: nil
      }
    inner = scale.map { $0 == 1 ? [] : Array(repeating: $0, count: width) } ?? []
    outer = scale.map { Array(repeating: 1 / $0, count: width) } ?? []
  }

  func apply(to row: UnsafeMutableBufferPointer<Float>, _ kernels: KernelSet) {
    switch activation {
    case .gelu: kernels.geluErf(row)
    case .geluTanh: kernels.geluTanh(row)
    case .silu, .quickGelu:
      if !inner.isEmpty { inner.withUnsafeBufferPointer { kernels.multiply(row, by: $0) } }
      outer.withUnsafeBufferPointer { kernels.siluMultiply(gate: UnsafeBufferPointer(row), up: $0, into: row) }
    }
  }
}
