import NumericKernels

/// Where queries, keys, values and results of one attention are.
///
/// A head is a run of columns in a row of each matrix; the matrices may be the same one.
struct AttentionOperands: Sendable {
  /// Where keys and values are.
  enum KeysAndValues: Sendable {
    /// In rows of matrices, heads side by side from a column on.
    case columns(
      keys: ActivationMatrix, keyColumn: Int, values: ActivationMatrix, valueColumn: Int, rows: Range<Int>)
    /// In a layer of the cache: positions 0 to `count - 1`.
    case cache(KeyValueCache.Layer, count: Int)
  }

  /// Rows of queries, and the column of head 0.
  let queries: ActivationMatrix
  let queryRows: Range<Int>
  let queryColumn: Int
  let keysAndValues: KeysAndValues
  /// Gets the results, heads side by side from column 0, in the rows of the queries.
  let results: ActivationMatrix

  /// Keys that there are.
  var keyCount: Int {
    switch keysAndValues {
    case .columns(_, _, _, _, let rows): rows.count
    case .cache(_, let count): count
    }
  }

  /// Keys and values of a head.
  func rows(head: Int, dimension: Int) -> (keys: AttentionRows, values: AttentionRows) {
    switch keysAndValues {
    case .columns(let keys, let keyColumn, let values, let valueColumn, let rows):
      let column = head * dimension
      return (
        AttentionRows(keys.address(rows.lowerBound, keyColumn + column), stride: keys.columnCount),
        AttentionRows(values.address(rows.lowerBound, valueColumn + column), stride: values.columnCount)
      )
    case .cache(let layer, _):
      return (layer.keys.rows(from: head * layer.capacity), layer.values.rows(from: head * layer.capacity))
    }
  }
}
