import ContainerFormat
import FusionCore
import NumericKernels
import Quantizers

/// Some rows of a tensor, evenly spread.
struct RowSelection {
  /// Their values, row after row.
  let rows: [Float]
  /// Values of a row.
  let columns: Int
  /// Rows of the whole tensor.
  let totalRowCount: Int

  /// Reads a selection.
  ///
  /// - Parameters:
  ///   - rowCount: the most rows to take.
  ///   - weightCount: the most weights to take, though at least one row.
  /// - Throws: what the source throws; `.nonfiniteWeight`, `.absurdWeight`.
  init(
    _ tensor: TensorDescription, of source: any WeightSource, rowCount: Int, weightCount: Int, kernels: KernelSet
  ) throws {
    let total = tensor.shape.rowCount
    let columns = tensor.shape.columnCount
    let count = min(total, rowCount, max(1, weightCount / max(columns, 1)))
    let rowByteCount = columns * tensor.dtype.byteWidth
    var rows = [Float](repeating: 0, count: count * columns)
    for index in 0..<count {
      let row = index * total / count
      try source.withBytes(of: tensor, in: (row * rowByteCount)..<((row + 1) * rowByteCount)) { bytes in
        rows.withUnsafeMutableBufferPointer { all in
          let target = UnsafeMutableBufferPointer(rebasing: all[(index * columns)..<((index + 1) * columns)])
          kernels.widen(bytes, type: tensor.dtype, into: target)
        }
      }
    }
    // Rows all over a tensor, of one tensor after the other, would map most of a checkpoint.
    source.discard(tensor, in: 0..<tensor.byteCount)
    // What a quantizer refuses is refused by it, with the place; here it must only not spoil the sums.
    for position in rows.indices where !(abs(rows[position]) <= RowQuantizer.absurdMagnitude) { rows[position] = 0 }
    self.rows = rows
    self.columns = columns
    totalRowCount = total
  }

  /// The values in units of column scales.
  func divided(by scales: [Float], _ kernels: KernelSet) -> [Float] {
    var result = rows
    result.withUnsafeMutableBufferPointer { kernels.divide($0, byColumns: scales) }
    return result
  }

  /// Bits a weight on disk that the tensor takes in a coding, if all rows are like these.
  ///
  /// - Throws: `.zstdEncodingFailed`; a refusal of the quantizer.
  func storedBits(_ coding: RowCoding, _ quantizer: RowQuantizer, _ encoder: ChunkEncoder) throws -> Double {
    let encoded = try rows.withUnsafeBytes {
      try quantizer.encode($0, type: .f32, columns: columns, coding: coding).rows
    }
    let shape = Shape.matrix(rows: totalRowCount, columns: columns)
    let layouts = coding.encoding.streams(shape: shape, dtype: .f32) ?? []
    var bytesPerRow = 0.0
    for (stream, layout) in zip(encoded.streams, layouts) {
      let stored = try stream.withUnsafeBytes {
        try encoder.encode($0, elementByteCount: layout.elementByteCount, policy: .zstd).stored.count
      }
      bytesPerRow += Double(stored) / Double(layout.span == .row ? rows.count / columns : totalRowCount)
    }
    return bytesPerRow * 8 / Double(columns)
  }
}
