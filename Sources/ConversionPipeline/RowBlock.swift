import FusionCore

/// Some rows of one planned tensor: the unit of parallel work, and one chunk of each of its streams.
struct RowBlock: Sendable {
  /// Index of the tensor in the plan.
  let entryIndex: Int
  /// Which chunk of the tensor's streams.
  let chunkIndex: Int
  /// Rows.
  let rows: Range<Int>

  /// All blocks of a tensor, in order.
  static func blocks(ofEntry index: Int, rowCount: Int, rowsPerChunk: Int) -> [RowBlock] {
    stride(from: 0, to: rowCount, by: rowsPerChunk).enumerated().map { chunk, start in
      RowBlock(entryIndex: index, chunkIndex: chunk, rows: start..<min(start + rowsPerChunk, rowCount))
    }
  }

  /// Bytes of these rows in the source tensor.
  func byteRange(in tensor: TensorDescription) -> Range<Int> {
    let rowByteCount = tensor.shape.columnCount * tensor.dtype.byteWidth
    return (rows.lowerBound * rowByteCount)..<(rows.upperBound * rowByteCount)
  }
}
