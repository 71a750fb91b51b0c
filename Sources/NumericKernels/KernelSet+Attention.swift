internal import CNumericKernels

extension KernelSet {
  /// Scores of some queries for some keys:
  /// `scores[q * scoreStride + k]` = scale * sum over columns of query q times key k.
  ///
  /// The result for a query and a key depends on these two alone, so queries and keys may be shared out in any way.
  ///
  /// - Parameters:
  ///   - keys: at least `keyCount` rows of at least `columns` numbers.
  ///   - queries: rows of `columns` numbers, `queryStride` apart.
  ///   - scores: room for rows of `keyCount` numbers, `scoreStride` apart.
  public func attentionScores(
    _ keys: AttentionRows, count keyCount: Int, queries: UnsafePointer<Float>, queryStride: Int, queryCount: Int,
    columns: Int, scale: Float, into scores: UnsafeMutablePointer<Float>, scoreStride: Int
  ) {
    precondition(keyCount >= 0 && queryCount >= 0 && columns > 0, "\(queryCount) x \(keyCount) x \(columns)")
    precondition(queryCount <= 1 || (queryStride >= columns && scoreStride >= keyCount), "rows that overlap")
    var rows = keys.rows
    table.pointee.attend_scores(
      &rows, keyCount, queries, queryStride, queryCount, columns, scale, scores, scoreStride)
  }

  /// Turns scores of one query into weights, e^(score - greatest score so far), and adds them up.
  ///
  /// - Parameters:
  ///   - softmax: of this query; knows the blocks before this one.
  ///   - sums: what the weights of the blocks before gave; becomes relative to the greatest score with this block.
  public func attentionWeights(
    _ scores: UnsafeMutableBufferPointer<Float>, softmax: inout AttentionSoftmax,
    sums: UnsafeMutableBufferPointer<Float>
  ) {
    guard let row = scores.baseAddress else { return }
    table.pointee.attend_weights(row, scores.count, &softmax.state, sums.baseAddress, sums.count)
  }

  /// Adds values times weights: `sums[q * sumStride + c]` += sum over rows r, in order, of
  /// `weights[q * weightStride + r]` * value (r, c).
  ///
  /// - Parameters:
  ///   - values: at least `valueCount` rows of at least `columns` numbers.
  ///   - weights: rows of `valueCount` numbers, `weightStride` apart.
  ///   - sums: rows of `columns` numbers, `sumStride` apart.
  public func attentionValues(
    _ values: AttentionRows, count valueCount: Int, weights: UnsafePointer<Float>, weightStride: Int, queryCount: Int,
    columns: Int, addingTo sums: UnsafeMutablePointer<Float>, sumStride: Int
  ) {
    precondition(valueCount >= 0 && queryCount >= 0 && columns > 0, "\(queryCount) x \(valueCount) x \(columns)")
    precondition(queryCount <= 1 || (weightStride >= valueCount && sumStride >= columns), "rows that overlap")
    var rows = values.rows
    table.pointee.attend_values(
      &rows, valueCount, weights, weightStride, queryCount, columns, sums, sumStride)
  }

  /// The result of one query from those of parts of its keys.
  ///
  /// - Parameters:
  ///   - parts: the softmax of each part.
  ///   - sums: what each part's values add up to, `partStride` numbers apart.
  ///   - result: gets as many numbers as it has room for; zeros if no key counted.
  /// - Precondition: at least one part.
  public func attentionResult(
    _ parts: UnsafeBufferPointer<AttentionSoftmax>, sums: UnsafePointer<Float>, partStride: Int,
    into result: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(!parts.isEmpty && partStride >= result.count, "\(parts.count) parts of \(partStride) numbers")
    guard let states = parts.baseAddress, let target = result.baseAddress else { return }
    // A softmax is the kernel's struct and nothing else.
    states.withMemoryRebound(to: fk_softmax.self, capacity: parts.count) {
      table.pointee.attend_combine($0, sums, parts.count, partStride, result.count, target)
    }
  }

  /// Rows as float32, one behind the other.
  ///
  /// - Parameter target: room for `count` rows of `columns` numbers.
  public func widen(_ rows: AttentionRows, count: Int, columns: Int, into target: UnsafeMutablePointer<Float>) {
    precondition(count >= 0 && columns > 0, "\(count) rows of \(columns) numbers")
    var rows = rows.rows
    table.pointee.attend_widen(&rows, count, columns, target)
  }

  /// Nearest codes of -127...127 with one scale.
  ///
  /// - Returns: the scale: NaN if a value is NaN or infinite, and 0, with codes of 0, if all are below 1e-30.
  /// - Precondition: as many codes as values.
  public func quantize(_ values: UnsafeBufferPointer<Float>, into codes: UnsafeMutableBufferPointer<Int8>) -> Float {
    precondition(values.count == codes.count, "\(values.count) values into \(codes.count) codes")
    guard let source = values.baseAddress, let target = codes.baseAddress else { return 0 }
    var scale: Float = 0
    table.pointee.attend_quantize(source, values.count, target, &scale)
    return scale
  }
}
