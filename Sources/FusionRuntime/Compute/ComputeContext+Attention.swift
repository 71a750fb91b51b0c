import NumericKernels

extension ComputeContext {
  /// Queries of an item; scores of so many rows are in memory at a time, for each thread.
  private static let queryBlockRowCount = 64

  /// softmax(scale q k + mask) v for every head, without ever holding the scores of all queries.
  func attend(_ operands: AttentionOperands, _ shape: AttentionShape, mask: AttentionMask) {
    let queryCount = operands.queryRows.count
    let block = Self.queryBlockRowCount
    let blockCount = (queryCount + block - 1) / block
    // A block is the inner index: neighbouring items share their keys.
    team.run(count: shape.headCount * blockCount) { worker, item in
      let start = item % blockCount * block
      self.attend(
        operands, shape, mask, head: item / blockCount, queries: start..<min(start + block, queryCount),
        scratch: self.scratch(worker))
    }
  }

  private func attend(
    _ operands: AttentionOperands, _ shape: AttentionShape, _ mask: AttentionMask, head: Int, queries: Range<Int>,
    scratch: WorkerScratch
  ) {
    let dimension = shape.headDimension
    let seen = seenKeyCount(mask, lastQuery: queries.upperBound - 1, keyCount: operands.keyValueRows.count)
    let source = shape.keyValueHead(of: head)
    let firstRow = operands.queryRows.lowerBound + queries.lowerBound
    let query = operands.queries.address(firstRow, operands.queryColumn + head * dimension)
    let result = operands.results.address(firstRow, head * dimension)
    let keys = operands.keyAddress(head: source, dimension: dimension)
    let values = operands.valueAddress(head: source, dimension: dimension)
    let scores = scratch.floats(queries.count * seen)
    guard let scoreBase = scores.baseAddress else { return }
    if queries.count == 1 {
      for key in 0..<seen {
        let score = kernels.dot(
          UnsafeBufferPointer(start: query, count: dimension),
          UnsafeBufferPointer(start: keys + key * operands.keys.columnCount, count: dimension))
        scores[key] = score * shape.scale
      }
    } else {
      DenseProduct.multiplyTransposed(
        DenseProduct.Operand(query, stride: operands.queries.columnCount),
        DenseProduct.Operand(keys, stride: operands.keys.columnCount), rows: queries.count, columns: seen,
        inner: dimension, scale: shape.scale, into: scoreBase, targetStride: seen)
    }
    for (index, queryIndex) in queries.enumerated() {
      normalize(UnsafeMutableBufferPointer(rebasing: scores[(index * seen)..<((index + 1) * seen)]), mask, queryIndex)
    }
    if queries.count == 1 {
      let target = UnsafeMutableBufferPointer(start: result, count: dimension)
      target.update(repeating: 0)
      for key in 0..<seen {
        let value = UnsafeBufferPointer(start: values + key * operands.values.columnCount, count: dimension)
        kernels.addScaled(value, by: scores[key], to: target)
      }
    } else {
      DenseProduct.multiply(
        DenseProduct.Operand(scoreBase, stride: seen),
        DenseProduct.Operand(values, stride: operands.values.columnCount), rows: queries.count, columns: dimension,
        inner: seen, into: result, targetStride: operands.results.columnCount)
    }
  }

  /// Keys from the first that any query up to this one can see.
  private func seenKeyCount(_ mask: AttentionMask, lastQuery: Int, keyCount: Int) -> Int {
    guard case .causal(let offset, _) = mask else { return keyCount }
    return min(offset + lastQuery + 1, keyCount)
  }

  /// Turns a query's scores into weights that sum to 1.
  private func normalize(_ scores: UnsafeMutableBufferPointer<Float>, _ mask: AttentionMask, _ query: Int) {
    switch mask {
    case .causal(let offset, let window):
      let last = min(offset + query + 1, scores.count)
      let first = window.map { max(0, last - $0) } ?? 0
      for key in 0..<first { scores[key] = 0 }
      for key in last..<scores.count { scores[key] = 0 }
      kernels.softmax(UnsafeMutableBufferPointer(rebasing: scores[first..<last]))
    case .fixed(let hidden, let uniformFrom):
      if let uniformFrom, query >= uniformFrom {
        scores.update(repeating: 1 / Float(scores.count))
        return
      }
      for (key, isHidden) in hidden.enumerated() where isHidden { scores[key] = -.infinity }
      kernels.softmax(scores)
    case .none:
      kernels.softmax(scores)
    }
  }
}
