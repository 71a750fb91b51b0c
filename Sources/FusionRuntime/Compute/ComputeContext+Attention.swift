import NumericKernels

extension ComputeContext {
  /// Up to this many queries, each one is computed by kernels that read keys and values as they are held; above, blocks
  /// of queries are multiplied with blocks of keys.
  private static let directQueryCount = 3

  /// softmax(scale q k + mask) v for every head, without ever holding the scores of all keys.
  ///
  /// The work is cut by numbers of heads, queries and keys alone, so that results do not depend on the threads.
  func attend(_ operands: AttentionOperands, _ shape: AttentionShape, mask: AttentionMask) {
    guard operands.queryRows.count <= Self.directQueryCount else {
      BlockedAttention(operands: operands, shape: shape, mask: mask, context: self).run()
      return
    }
    for query in 0..<operands.queryRows.count {
      DirectAttention(operands: operands, shape: shape, mask: mask, query: query, context: self).run()
    }
  }
}
