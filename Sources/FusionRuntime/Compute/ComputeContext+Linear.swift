import FusionCore
import NumericKernels
import WeightGraph

extension ComputeContext {
  /// Up to this many rows of float32 activations, each is multiplied with the weights as they are stored; above, blocks
  /// of weights are decoded once for all of them.
  private static let directRowCount = 3
  /// Output channels of a block.
  private static let blockRowCount = 128
  /// Blocks that a thread takes of a weight for a few rows of activations: enough that none waits long for another.
  private static let directBlocksPerThread = 4

  /// y = w x + b for every row of x.
  ///
  /// - Parameter kinds: what the rows stand for, for an observer.
  func apply(_ linear: Linear, to x: ActivationMatrix, _ kinds: RowKinds) -> ActivationMatrix {
    apply([linear], to: x, kinds)
  }

  /// Several layers of the same input, their outputs side by side.
  ///
  /// - Parameter kinds: what the rows stand for, for an observer.
  func apply(_ linears: [Linear], to x: ActivationMatrix, _ kinds: RowKinds) -> ActivationMatrix {
    observer?.observe(LinearInput(weights: linears.map(\.weight.name), values: x, kinds: kinds), in: self)
    let y = makeMatrix(rows: x.rowCount, columns: linears.reduce(0) { $0 + $1.outputCount })
    var column = 0
    for linear in linears {
      apply(linear, to: x, into: y, column: column)
      column += linear.outputCount
    }
    return y
  }

  /// y = w (activation(gate) * up) + b for every row, which holds the gate and then as many values to be gated.
  ///
  /// - Parameter kinds: what the rows stand for, for an observer.
  func apply(
    _ linear: Linear, toGated gateAndUp: ActivationMatrix, _ activation: Activation, _ kinds: RowKinds
  ) -> ActivationMatrix {
    guard observer == nil, isInteger(linear), activation == .silu, gateAndUp.rowCount > 0 else {
      return apply(linear, to: gate(gateAndUp, activation), kinds)
    }
    let width = linear.inputCount
    precondition(gateAndUp.columnCount == 2 * width, "\(linear.weight.name): \(gateAndUp.columnCount) columns")
    let y = makeMatrix(rows: gateAndUp.rowCount, columns: linear.outputCount)
    // What is gated goes straight to bytes: it is as large as the rest of the layer's activations together.
    applyAsIntegers(linear.weight, into: y, column: 0) { row, scratch in
      let gated = scratch.floats(width)
      self.kernels.siluMultiply(
        gate: UnsafeBufferPointer(gateAndUp[row, 0..<width]),
        up: UnsafeBufferPointer(gateAndUp[row, width..<(2 * width)]), into: gated)
      return UnsafeBufferPointer(gated)
    }
    if let bias = linear.bias { add(bias, to: y, column: 0) }
    return y
  }

  /// Whether a layer is computed with activations as bytes.
  private func isInteger(_ linear: Linear) -> Bool {
    precision == .int8 && linear.permitsRoundedInput && linear.weight.encoding.isQuantized
  }

  /// y = w x + b, written to columns of y from `column` on.
  private func apply(_ linear: Linear, to x: ActivationMatrix, into y: ActivationMatrix, column: Int) {
    precondition(x.columnCount == linear.inputCount, "\(linear.weight.name): \(x.columnCount) columns")
    precondition(y.rowCount == x.rowCount && column + linear.outputCount <= y.columnCount, linear.weight.name)
    guard x.rowCount > 0 else { return }
    if isInteger(linear) {
      applyAsIntegers(linear.weight, into: y, column: column) { row, _ in UnsafeBufferPointer(x[row]) }
    } else {
      let x = scaled(x, by: linear.weight.columnScales)
      if x.rowCount <= Self.directRowCount {
        applyDirectly(linear.weight, to: x, into: y, column: column)
      } else {
        applyInBlocks(linear.weight, to: x, into: y, column: column)
      }
    }
    if let bias = linear.bias { add(bias, to: y, column: column) }
  }

  /// The columns of x times the scales that a weight has for them.
  private func scaled(_ x: ActivationMatrix, by scales: [Float]?) -> ActivationMatrix {
    guard let scales else { return x }
    let result = makeMatrix(rows: x.rowCount, columns: x.columnCount)
    forEachRow(x.rowCount) { row in
      _ = result[row].update(fromContentsOf: x[row])
      scales.withUnsafeBufferPointer { kernels.multiply(result[row], by: $0) }
    }
    return result
  }

  /// Blocks of output channels, shared out; a channel's results depend on no other channel.
  ///
  /// - Parameter size: output channels of a block.
  private func blocks(
    _ weight: WeightMatrix, size: Int = ComputeContext.blockRowCount,
    _ body: @Sendable (_ worker: Int, _ rows: Range<Int>) -> Void
  ) {
    team.run(count: (weight.rowCount + size - 1) / size) { worker, block in
      body(worker, (block * size)..<min((block + 1) * size, weight.rowCount))
    }
  }

  private func applyInBlocks(_ weight: WeightMatrix, to x: ActivationMatrix, into y: ActivationMatrix, column: Int) {
    let reading = WeightReading(kernels: kernels)
    blocks(weight) { worker, rows in
      let decoded = self.scratch(worker).floats(rows.count * weight.columnCount)
      reading.decode(weight, rows: rows, into: decoded, appliesColumnScales: false)
      guard let base = decoded.baseAddress else { return }
      DenseProduct.multiplyTransposed(
        DenseProduct.Operand(x.address(0), stride: x.columnCount),
        DenseProduct.Operand(base, stride: weight.columnCount), rows: x.rowCount, columns: rows.count,
        inner: weight.columnCount, into: y.address(0, column + rows.lowerBound), targetStride: y.columnCount)
    }
  }

  private func applyDirectly(_ weight: WeightMatrix, to x: ActivationMatrix, into y: ActivationMatrix, column: Int) {
    blocks(weight) { _, rows in
      for row in 0..<x.rowCount {
        self.kernels.multiply(
          weight.encoded, rows: rows, by: UnsafeBufferPointer(x[row]),
          into: y[row, (column + rows.lowerBound)..<(column + rows.upperBound)])
      }
    }
  }

  /// - Parameter input: gives the values of a row, which it may put into the worker's memory.
  private func applyAsIntegers(
    _ weight: WeightMatrix, into y: ActivationMatrix, column: Int,
    _ input: @Sendable (_ row: Int, _ scratch: WorkerScratch) -> UnsafeBufferPointer<Float>
  ) {
    let activations = integerOperand.makeRoom(tokenCount: y.rowCount, for: weight.encoded, kernels)
    forEachRow(y.rowCount) { worker, row in
      let scratch = self.scratch(worker)
      let values = input(row, scratch)
      guard let scales = weight.columnScales else {
        activations.set(token: row, to: values, self.kernels)
        return
      }
      let scaled = scratch.moreFloats(values.count)
      _ = scaled.update(fromContentsOf: values)
      scales.withUnsafeBufferPointer { self.kernels.multiply(scaled, by: $0) }
      activations.set(token: row, to: UnsafeBufferPointer(scaled), self.kernels)
    }
    // A token reads every weight once, and waits for memory at the beginning of each block: few long ones are better.
    let share = weight.rowCount / (Self.directBlocksPerThread * team.threads) / 32 * 32
    let size = y.rowCount <= KernelSet.directTokenCount ? max(share, Self.blockRowCount) : Self.blockRowCount
    blocks(weight, size: size) { worker, rows in
      let first = column + rows.lowerBound
      let result = UnsafeMutableBufferPointer(
        start: y.address(0, first), count: (y.rowCount - 1) * y.columnCount + rows.count)
      self.kernels.multiply(
        weight.encoded, rows: rows, by: activations, into: result, tokenStride: y.columnCount,
        scratch: self.scratch(worker).multiplication)
    }
  }

  private func add(_ bias: [Float], to y: ActivationMatrix, column: Int) {
    forEachRow(y.rowCount) { row in
      bias.withUnsafeBufferPointer { self.kernels.add($0, to: y[row, column..<(column + bias.count)]) }
    }
  }
}
