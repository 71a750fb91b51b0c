import FusionCore
import NumericKernels
import Quantizers

/// Reads weights as float32 values.
struct WeightReading: Sendable {
  let kernels: KernelSet

  /// All values of a small weight: a bias, the weight of a norm.
  func vector(_ name: String, in weights: any ModelWeights) throws -> [Float] {
    let matrix = try weights.matrix(name)
    var values = [Float](repeating: 0, count: matrix.shape.elementCount)
    values.withUnsafeMutableBufferPointer { decode(matrix, rows: 0..<matrix.rowCount, into: $0) }
    return values
  }

  /// Decodes rows of a weight.
  ///
  /// - Parameters:
  ///   - target: room for exactly these rows.
  ///   - appliesColumnScales: not where the other operand was multiplied with them.
  func decode(
    _ matrix: WeightMatrix, rows: Range<Int>, into target: UnsafeMutableBufferPointer<Float>,
    appliesColumnScales: Bool = true
  ) {
    precondition(target.count == rows.count * matrix.columnCount, "\(target.count) values for rows \(rows)")
    guard !target.isEmpty else { return }
    matrix.forEachRun(of: rows) { run, streams in
      let first = (run.lowerBound - rows.lowerBound) * matrix.columnCount
      let target = UnsafeMutableBufferPointer(rebasing: target[first..<(first + run.count * matrix.columnCount)])
      if matrix.encoding.isQuantized {
        let decoder = RowDecoder(kernels: kernels, encoding: matrix.encoding, columns: matrix.columnCount)
        appliesColumnScales
          ? decoder.decode(streams, rows: run.count, into: target)
          : decoder.decodeWithoutColumnScales(streams, rows: run.count, into: target)
      } else {
        kernels.widen(streams[0], type: matrix.dtype, into: target)
      }
    }
  }
}
