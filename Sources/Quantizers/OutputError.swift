import NumericKernels

/// The squared error of a linear layer's output, from the error of its weights and the second moments of its inputs.
public enum OutputError {
  /// Rows whose products with the moments are in memory at a time.
  private static let blockRowCount = 256

  /// trace(E H transpose(E)).
  ///
  /// - Parameters:
  ///   - difference: E, rows of `columns` values.
  ///   - moments: H, means of x_i x_j, symmetric.
  /// - Returns: the sum over the rows of the mean squared error of their outputs.
  public static func sum(of difference: [Float], moments: [Float], columns: Int) -> Double {
    precondition(moments.count == columns * columns && difference.count % columns == 0, "\(moments.count) moments")
    let rowCount = difference.count / columns
    var product = [Float](repeating: 0, count: min(Self.blockRowCount, rowCount) * columns)
    var sum = 0.0
    difference.withUnsafeBufferPointer { e in
      moments.withUnsafeBufferPointer { h in
        product.withUnsafeMutableBufferPointer { target in
          guard let e = e.baseAddress, let h = h.baseAddress, let target = target.baseAddress else { return }
          for first in stride(from: 0, to: rowCount, by: Self.blockRowCount) {
            let rows = min(Self.blockRowCount, rowCount - first)
            let part = e + first * columns
            DenseProduct.multiply(
              .init(part, stride: columns), .init(h, stride: columns), rows: rows, columns: columns, inner: columns,
              into: target, targetStride: columns)
            for index in 0..<(rows * columns) { sum += Double(part[index]) * Double(target[index]) }
          }
        }
      }
    }
    return sum
  }
}
