import NumericKernels

/// The attention of many queries: blocks of queries go through blocks of keys, with a softmax that sees one block after
/// the other, so that scores stay in the processor's cache and blocks that no query may see are never computed.
///
/// Source: FlashAttention-2 (arXiv 2307.08691), algorithm 1.
struct BlockedAttention: Sendable {
  /// Rows of scores of an item: queries times the heads that share their keys.
  private static let blockRowCount = 128
  /// Keys that scores are computed for at a time.
  private static let blockKeyCount = 256

  let operands: AttentionOperands
  let shape: AttentionShape
  let mask: AttentionMask
  let context: ComputeContext

  private var group: Int { shape.headsPerKeyValueHead }
  private var dimension: Int { shape.headDimension }

  /// Computes the results of all queries.
  func run() {
    let queryCount = operands.queryRows.count
    let size = max(1, Self.blockRowCount / group)
    let blockCount = (queryCount + size - 1) / size
    // Neighbouring items share their keys. Late queries may see more keys, so they come first: what is left for the end
    // is short.
    context.team.run(count: shape.keyValueHeadCount * blockCount) { worker, item in
      let start = (blockCount - 1 - item % blockCount) * size
      self.attend(
        head: item / blockCount, queries: start..<min(start + size, queryCount), self.context.scratch(worker))
    }
  }

  /// A worker's memory, cut up.
  private struct Memory {
    let scores: UnsafeMutablePointer<Float>
    let sums: UnsafeMutablePointer<Float>
    let queries: UnsafeMutablePointer<Float>
    let widened: UnsafeMutablePointer<Float>
    let softmaxes: UnsafeMutablePointer<AttentionSoftmax>

    init(rows: Int, dimension: Int, _ scratch: WorkerScratch) {
      let sizes = [
        rows * MemoryLayout<AttentionSoftmax>.stride / MemoryLayout<Float>.stride,
        rows * BlockedAttention.blockKeyCount, rows * dimension, rows * dimension,
        BlockedAttention.blockKeyCount * dimension,
      ]
      // Each part begins at a cache line.
      let starts = sizes.reduce(into: [0]) { $0.append(($0[$0.count - 1] + $1 + 15) / 16 * 16) }
      guard let base = scratch.floats(starts[sizes.count]).baseAddress else { preconditionFailure("no rows") }
      softmaxes = UnsafeMutableRawPointer(base).assumingMemoryBound(to: AttentionSoftmax.self)
      softmaxes.update(repeating: AttentionSoftmax(), count: rows)
      scores = base + starts[1]
      sums = base + starts[2]
      sums.update(repeating: 0, count: rows * dimension)
      queries = base + starts[3]
      widened = base + starts[4]
    }
  }

  /// Some queries in all heads that share their keys.
  private func attend(head: Int, queries: Range<Int>, _ scratch: WorkerScratch) {
    let rowCount = queries.count * group
    let memory = Memory(rows: rowCount, dimension: dimension, scratch)
    let query = gather(head: head, queries: queries, memory)
    let rows = operands.rows(head: head, dimension: dimension)
    let first = mask.visibleKeys(query: queries.lowerBound, keyCount: operands.keyCount).lowerBound
    let end = mask.visibleKeys(query: queries.upperBound - 1, keyCount: operands.keyCount).upperBound
    for start in stride(from: first, to: end, by: Self.blockKeyCount) {
      let keys = start..<min(start + Self.blockKeyCount, end)
      DenseProduct.multiplyTransposed(
        query, operand(rows.keys, keys, memory), rows: rowCount, columns: keys.count, inner: dimension,
        scale: shape.scale, into: memory.scores, targetStride: keys.count)
      for row in 0..<rowCount { weigh(row, query: queries.lowerBound + row % queries.count, keys, memory) }
      DenseProduct.multiply(
        DenseProduct.Operand(memory.scores, stride: keys.count), operand(rows.values, keys, memory), rows: rowCount,
        columns: dimension, inner: keys.count, adds: true, into: memory.sums, targetStride: dimension)
    }
    for row in 0..<rowCount {
      let column = (head * group + row / queries.count) * dimension
      let target = operands.results[
        operands.queryRows.lowerBound + queries.lowerBound + row % queries.count, column..<(column + dimension)]
      context.kernels.attentionResult(
        UnsafeBufferPointer(start: memory.softmaxes + row, count: 1), sums: memory.sums + row * dimension,
        partStride: dimension, into: target)
    }
  }

  /// The queries of all heads as rows of one matrix, head by head.
  private func gather(head: Int, queries: Range<Int>, _ memory: Memory) -> DenseProduct.Operand {
    let first = operands.queryRows.lowerBound + queries.lowerBound
    let column = operands.queryColumn + head * group * dimension
    guard group > 1 else {
      return DenseProduct.Operand(operands.queries.address(first, column), stride: operands.queries.columnCount)
    }
    for row in 0..<(queries.count * group) {
      (memory.queries + row * dimension).update(
        from: operands.queries.address(first + row % queries.count, column + row / queries.count * dimension),
        count: dimension)
    }
    return DenseProduct.Operand(memory.queries, stride: dimension)
  }

  /// Some rows of keys or values: where they lie, or widened to float32.
  private func operand(_ rows: AttentionRows, _ keys: Range<Int>, _ memory: Memory) -> DenseProduct.Operand {
    let wanted = rows.dropFirst(keys.lowerBound)
    if let floats = wanted.floats { return DenseProduct.Operand(floats.base, stride: floats.stride) }
    context.kernels.widen(wanted, count: keys.count, columns: dimension, into: memory.widened)
    return DenseProduct.Operand(memory.widened, stride: dimension)
  }

  /// Turns the scores of a query for a block of keys into weights.
  private func weigh(_ row: Int, query: Int, _ keys: Range<Int>, _ memory: Memory) {
    let scores = UnsafeMutableBufferPointer(start: memory.scores + row * keys.count, count: keys.count)
    let visible = mask.visibleKeys(query: query, keyCount: operands.keyCount).clamped(to: keys)
    let (low, high) = (visible.lowerBound - keys.lowerBound, visible.upperBound - keys.lowerBound)
    if low > 0 { UnsafeMutableBufferPointer(rebasing: scores[..<low]).update(repeating: 0) }
    if high < keys.count { UnsafeMutableBufferPointer(rebasing: scores[high...]).update(repeating: 0) }
    guard !visible.isEmpty else { return }
    let seen = UnsafeMutableBufferPointer(rebasing: scores[low..<high])
    mask.apply(to: seen, query: query, keys: visible)
    context.kernels.attentionWeights(
      seen, softmax: &memory.softmaxes[row],
      sums: UnsafeMutableBufferPointer(start: memory.sums + row * dimension, count: dimension))
  }
}
