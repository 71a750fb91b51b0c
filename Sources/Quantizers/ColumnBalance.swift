import FusionCore
import NumericKernels

/// Scales of columns that stand in for the sizes of a linear layer's inputs where none were observed.
///
/// A column of large weights has small inputs in trained models, and the other way round. The root mean squares of rows
/// and columns are separated from each other by normalizing them in turn (Sinkhorn and Knopp's alternation, applied to
/// the squares), and a column's scale is a power of its part: the error allowed to a weight grows with it.
public struct ColumnBalance: Sendable {
  /// Rounds of the alternation, which converges within few.
  private static let roundCount = 4
  /// Scales are kept within this factor of their geometric mean.
  private static let greatestRatio = 256.0

  private let columnSquares: [Double]

  /// Separates rows and columns.
  ///
  /// - Parameters:
  ///   - rows: finite weights, row after row; all of a tensor or an even selection.
  ///   - columns: weights of a row, at least 1.
  ///   - kernels: what to calculate with; all give the same.
  public init(rows: UnsafeBufferPointer<Float>, columns: Int, kernels: KernelSet) {
    precondition(columns > 0 && rows.count % columns == 0, "\(rows.count) weights in rows of \(columns)")
    let rowCount = rows.count / columns
    var columnSquares = [Double](repeating: 1, count: columns)
    var inverses = columnSquares
    var sums = columnSquares
    for _ in 0..<Self.roundCount where rowCount > 0 {
      for column in 0..<columns { sums[column] = 0 }
      kernels.addBalancedSquares(of: rows, inverses: inverses, to: &sums)
      columnSquares = sums.map { $0 / Double(rowCount) }
      inverses = columnSquares.map { $0 > 0 ? 1 / $0 : 0 }
    }
    self.columnSquares = columnSquares
  }

  /// A scale for each column, with geometric mean 1: the column's root mean square to the power of `quarters` / 4.
  ///
  /// Columns of zeros get the scale 1.
  public func scales(quarters: Int) -> [Float] {
    Self.scales(columnSquares.map { RowStep.power($0.squareRoot(), quarters: quarters) })
  }

  /// Sizes as scales: divided by their geometric mean, bounded, rounded to bfloat16. Sizes of 0 become 1.
  public static func scales(_ sizes: [Double]) -> [Float] {
    let positive = sizes.filter { $0.isNormal && $0 > 0 }
    guard !positive.isEmpty else { return sizes.map { _ in 1 } }
    let mean = geometricMean(positive)
    return sizes.map { size in
      guard size.isNormal, size > 0 else { return 1 }
      return RowStep.storable(Float(min(max(size / mean, 1 / greatestRatio), greatestRatio)))
    }
  }

  /// Scales made larger, so that codes reach further.
  public static func widened(_ scales: [Float], by factors: [Float]) -> [Float] {
    zip(scales, factors).map { RowStep.storable($0 * $1) }
  }

  /// Sizes as scales as they are, rounded to bfloat16.
  public static func rounded(_ sizes: [Double]) -> [Float] { sizes.map { RowStep.storable(Float($0)) } }

  /// The mean of binary logarithms, raised again: with operations that are the same on every machine, unlike `log`.
  static func geometricMean(_ sizes: [Double]) -> Double {
    let sum = sizes.reduce(0) { $0 + BinaryLogarithm.of($1) }
    return ExactMath.exponential(sum / Double(sizes.count) * 0.6931471805599453)
  }
}
