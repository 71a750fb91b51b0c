internal import CNumericKernels

extension KernelSet {
  /// Some rows of a matrix times a vector of floats: result[r] = sum over columns of w(rows[r], column) * x[column].
  ///
  /// Products of codes are summed over a group and scaled once, in float32; the result of a row depends on that row
  /// and the vector alone, so rows may be shared out to threads in any way.
  ///
  /// - Precondition: `vector` has a value for every column and `result` room for every row.
  public func multiply(
    _ matrix: EncodedMatrix, rows: Range<Int>, by vector: UnsafeBufferPointer<Float>,
    into result: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= matrix.rowCount, "rows \(rows) of \(matrix.rowCount)")
    precondition(vector.count == matrix.columnCount, "\(vector.count) values for \(matrix.columnCount) columns")
    precondition(result.count == rows.count, "room for \(result.count) of \(rows.count) results")
    guard matrix.isInOnePiece else {
      matrix.forEachPart(of: rows) { part, rows, offset in
        multiply(
          part, rows: rows, by: vector,
          into: UnsafeMutableBufferPointer(rebasing: result[offset..<(offset + rows.count)]))
      }
      return
    }
    guard !rows.isEmpty, let x = vector.baseAddress, let y = result.baseAddress else { return }
    var description = matrix.description
    table.pointee.multiply_vector(&description, rows.lowerBound, rows.count, x, y)
  }
}
