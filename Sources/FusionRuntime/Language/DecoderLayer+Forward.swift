import NumericKernels
import WeightGraph

extension DecoderLayer {
  /// What is the same for all layers of a pass.
  struct Pass: Sendable {
    let shape: AttentionShape
    let activation: Activation
    let window: Int?
    let cosines: ActivationMatrix
    let sines: ActivationMatrix
    /// Positions of the rows.
    let positions: Range<Int>
    /// What the rows stand for.
    let kinds: RowKinds
  }

  /// Runs the layer over rows at consecutive positions, in place.
  ///
  /// - Parameters:
  ///   - x: the residual stream, one row a position.
  ///   - cache: the layer's keys and values; gets the new positions.
  func forward(_ x: ActivationMatrix, _ pass: Pass, _ cache: KeyValueCache.Layer, _ context: ComputeContext) {
    let projected = context.apply(queryKeyValue, to: attentionNorm.apply(to: x, context), pass.kinds)
    let shape = pass.shape
    store(projected, pass, cache, context)
    let attended = context.makeMatrix(rows: x.rowCount, columns: shape.queryWidth)
    let operands = AttentionOperands(
      queries: projected, queryRows: 0..<x.rowCount, queryColumn: 0,
      keysAndValues: .cache(cache, count: pass.positions.upperBound), results: attended)
    context.attend(
      operands, shape, mask: .causal(offset: pass.positions.lowerBound, window: pass.window))
    context.add(context.apply(attentionOutput, to: attended, pass.kinds), to: x)
    let gateAndUp = context.apply(gateUp, to: mlpNorm.apply(to: x, context), pass.kinds)
    context.add(context.apply(down, toGated: gateAndUp, pass.activation, pass.kinds), to: x)
  }

  /// Rotates queries and keys, and moves keys and values to the cache.
  private func store(
    _ projected: ActivationMatrix, _ pass: Pass, _ cache: KeyValueCache.Layer, _ context: ComputeContext
  ) {
    let shape = pass.shape
    let width = shape.headDimension
    context.forEachRow(projected.rowCount) { row in
      let cosines = UnsafeBufferPointer(pass.cosines[row])
      let sines = UnsafeBufferPointer(pass.sines[row])
      for head in 0..<(shape.headCount + shape.keyValueHeadCount) {
        let columns = (head * width)..<(head * width + cosines.count)
        context.kernels.rotate(projected[row, columns], cosines: cosines, sines: sines)
      }
      let position = pass.positions.lowerBound + row
      for head in 0..<shape.keyValueHeadCount {
        let key = shape.queryWidth + head * width
        let value = key + shape.keyValueWidth
        cache.keys.store(
          UnsafeBufferPointer(projected[row, key..<(key + width)]), row: head * cache.capacity + position,
          context.kernels)
        cache.values.store(
          UnsafeBufferPointer(projected[row, value..<(value + width)]), row: head * cache.capacity + position,
          context.kernels)
      }
    }
  }
}
