import NumericKernels

/// The attention of one query: heads that share their keys are worked on together, and long runs of keys in parts, so
/// that few heads keep many threads busy.
struct DirectAttention: Sendable {
  /// Keys of a part.
  private static let partKeyCount = 1024

  let operands: AttentionOperands
  let shape: AttentionShape
  let mask: AttentionMask
  /// Number of the query among those of the operands.
  let query: Int
  let context: ComputeContext

  /// Computes the query's results.
  func run() {
    let keys = mask.visibleKeys(query: query, keyCount: operands.keyCount)
    let partCount = max(1, (keys.count + Self.partKeyCount - 1) / Self.partKeyCount)
    let partial = PartialAttention(
      headCount: shape.headCount, partCount: partCount, dimension: shape.headDimension, context: context)
    context.team.run(count: shape.keyValueHeadCount * partCount) { worker, item in
      let first = keys.lowerBound + item % partCount * Self.partKeyCount
      self.attend(
        head: item / partCount, keys: first..<min(first + Self.partKeyCount, keys.upperBound), part: item % partCount,
        partial, self.context.scratch(worker))
    }
    let row = operands.queryRows.lowerBound + query
    for head in 0..<shape.headCount {
      partial.combine(
        head: head,
        into: operands.results[row, (head * shape.headDimension)..<((head + 1) * shape.headDimension)],
        context.kernels)
    }
  }

  /// One part of the keys of a key and value head.
  private func attend(
    head: Int, keys: Range<Int>, part: Int, _ partial: PartialAttention, _ scratch: WorkerScratch
  ) {
    let dimension = shape.headDimension
    let group = shape.headsPerKeyValueHead
    let rows = operands.rows(head: head, dimension: dimension)
    let scores = scratch.floats(group * keys.count)
    let sums = partial.sums(head: head * group, part: part)
    for index in 0..<group {
      UnsafeMutableBufferPointer(start: sums + index * partial.headStride, count: dimension).update(repeating: 0)
    }
    guard let scoreBase = scores.baseAddress, !keys.isEmpty else { return }
    context.kernels.attentionScores(
      rows.keys.dropFirst(keys.lowerBound), count: keys.count,
      queries: operands.queries.address(
        operands.queryRows.lowerBound + query, operands.queryColumn + head * group * dimension),
      queryStride: dimension, queryCount: group, columns: dimension, scale: shape.scale, into: scoreBase,
      scoreStride: keys.count)
    for index in 0..<group {
      let row = UnsafeMutableBufferPointer(start: scoreBase + index * keys.count, count: keys.count)
      mask.apply(to: row, query: query, keys: keys)
      // Nothing was added up before, so there is nothing to make relative to a new peak.
      context.kernels.attentionWeights(
        row, softmax: &partial.softmax(head: head * group + index, part: part).pointee,
        sums: UnsafeMutableBufferPointer(start: nil, count: 0))
    }
    context.kernels.attentionValues(
      rows.values.dropFirst(keys.lowerBound), count: keys.count, weights: scoreBase, weightStride: keys.count,
      queryCount: group, columns: dimension, addingTo: sums, sumStride: partial.headStride)
  }
}
