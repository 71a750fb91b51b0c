import NumericKernels
import Quantizers

/// How much the error of each column of a weight matrix counts in the output: from what its inputs look like.
///
/// With h[j] the mean square of input j, the mean square of an output is sum of h[j] w[j]^2 where inputs do not go
/// together; where the mean products H of all pairs are known, it is w H transpose(w), which sees that errors make up
/// for each other too.
public struct InputEnergy: Sendable {
  private let squares: [Double]
  private let products: [Float]?

  /// Inputs that were observed.
  ///
  /// - Parameters:
  ///   - squares: mean of x^2 of each column.
  ///   - products: means of x_i x_j, a symmetric matrix row by row; `nil` if they are not known.
  public init(squares: [Double], products: [Float]? = nil) {
    precondition(
      products.map { $0.count == squares.count * squares.count } ?? true, "products of \(squares.count) columns")
    self.squares = squares
    self.products = products
  }

  /// Inputs that nobody observed: a column of large weights has small inputs in trained models, so a column counts
  /// the inverse of its mean square.
  ///
  /// - Parameters:
  ///   - rows: finite weights, row after row; all of a tensor or an even selection.
  ///   - columns: weights of a row, at least 1.
  ///   - kernels: what to calculate with; all give the same.
  public init(standingInFor rows: [Float], columns: Int, kernels: KernelSet) {
    let balance = rows.withUnsafeBufferPointer { ColumnBalance(rows: $0, columns: columns, kernels: kernels) }
    self.init(squares: balance.scales(quarters: Self.wholePower).map { 1 / (Double($0) * Double($0)) })
  }

  /// A column's scale is its size itself, not a root of it.
  private static let wholePower = 4

  /// The squared error of outputs over the squares of the outputs.
  ///
  /// The error is that of the outputs as they are, the squares are those that they had if inputs did not go together:
  /// so the measure is of one size whatever is known of the inputs.
  ///
  /// - Parameters:
  ///   - decoded: what the weights become.
  ///   - rows: the weights, row after row.
  /// - Returns: 0 for weights of zeros.
  public func relativeError(of decoded: [Float], from rows: [Float]) -> Double {
    precondition(decoded.count == rows.count && rows.count % squares.count == 0, "\(decoded.count) of \(rows.count)")
    let difference = zip(decoded, rows).map { $0 - $1 }
    let signal = diagonal(rows)
    guard signal > 0 else { return 0 }
    guard let products else { return diagonal(difference) / signal }
    return max(0, OutputError.sum(of: difference, moments: products, columns: squares.count)) / signal
  }

  private func diagonal(_ rows: [Float]) -> Double {
    var sum = 0.0
    rows.withUnsafeBufferPointer { rows in
      squares.withUnsafeBufferPointer { squares in
        for start in stride(from: 0, to: rows.count, by: squares.count) {
          for column in squares.indices {
            let value = Double(rows[start + column])
            sum += squares[column] * value * value
          }
        }
      }
    }
    return sum
  }
}
