/// Where queries, keys, values and results of one attention are.
///
/// A head is a run of columns in a row of each matrix; the matrices may be the same one.
struct AttentionOperands: Sendable {
  /// Rows of queries, and the column of head 0.
  let queries: ActivationMatrix
  let queryRows: Range<Int>
  let queryColumn: Int
  /// Rows of keys and values: for each head a first row and column.
  let keys: ActivationMatrix
  let values: ActivationMatrix
  let keyValueRows: Range<Int>
  let keyColumn: Int
  let valueColumn: Int
  /// Rows that keys of one head are apart from those of the next; 0 where heads are side by side in columns.
  let headRowStride: Int
  /// Gets the results, heads side by side from column 0, in the rows of the queries.
  let results: ActivationMatrix

  func keyAddress(head: Int, dimension: Int) -> UnsafeMutablePointer<Float> {
    keys.address(
      keyValueRows.lowerBound + head * headRowStride, keyColumn + (headRowStride == 0 ? head * dimension : 0))
  }

  func valueAddress(head: Int, dimension: Int) -> UnsafeMutablePointer<Float> {
    values.address(
      keyValueRows.lowerBound + head * headRowStride, valueColumn + (headRowStride == 0 ? head * dimension : 0))
  }
}
