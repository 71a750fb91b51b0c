import FusionCore
import NumericKernels
import Quantizers

/// Chooses the scales of columns, and how much the errors of each column count in the search for scales of groups.
struct ColumnPlanner {
  let encoding: TensorEncoding
  let method: QuantizationMethod
  /// Whether codes are entropy coded, so that a step may be any part of a weight's range.
  let isEntropyCoded: Bool
  let inputs: InputStatistics?
  let feedback: ErrorFeedback?
  let moments: () throws -> [Float]?
  let kernels: KernelSet

  /// What was chosen.
  struct Columns {
    let scales: [Float]
    /// Empty for equal weights.
    let errorWeights: [Float]
  }

  /// How a column's scale follows from its size where the inputs are not known, in quarters of a power, measured on
  /// trained models: groups want all of it, fixed or entropy coded, searched scales of whole rows somewhat less.
  private static let blindQuarters = (row: 3, group: 4)

  func columns(_ selection: RowSelection) throws -> Columns {
    guard let inputs else {
      let balance = selection.rows.withUnsafeBufferPointer {
        ColumnBalance(rows: $0, columns: selection.columns, kernels: kernels)
      }
      let quarters = encoding.groupSize == 0 ? Self.blindQuarters.row : Self.blindQuarters.group
      return Columns(scales: balance.scales(quarters: quarters), errorWeights: [])
    }
    // Inputs of a column that were always 0 say nothing about those to come: a little is added to all.
    let mean = inputs.squareMeans.reduce(0, +) / Double(inputs.width)
    let squares = inputs.squareMeans.map { $0 + Self.leastShare * mean }
    if method == .awq {
      let scales = try ActivationScaling(
        encoding: encoding, magnitudes: inputs.magnitudeMeans, squares: squares, moments: moments(), kernels: kernels
      ).best(for: selection.rows).scales
      return Columns(scales: scales, errorWeights: Self.weights(squares, scales: scales))
    }
    if isEntropyCoded {
      // Equal steps in units of what an error costs: with feedback that is R[k, k], without the input's size.
      let cost = feedback?.columnImportance ?? squares.map { $0.squareRoot() }
      return Columns(scales: ColumnBalance.scales(cost.map { 1 / $0 }), errorWeights: [])
    }
    // Half of the way: scales of rows and groups follow large weights, which are not those of large inputs.
    let scales = ColumnBalance.scales(squares.map { 1 / $0.squareRoot().squareRoot() })
    return Columns(scales: scales, errorWeights: Self.weights(squares, scales: scales))
  }

  private static let leastShare = 1e-6

  /// The cost of a squared error in units of the column's scale, with mean 1.
  ///
  /// - Parameters:
  ///   - squares: mean of x^2 of each column.
  ///   - scales: empty for ones.
  static func weights(_ squares: [Double], scales: [Float]) -> [Float] {
    let costs = scales.isEmpty ? squares : zip(squares, scales).map { $0 * Double($1) * Double($1) }
    let mean = costs.reduce(0, +) / Double(costs.count)
    guard mean.isNormal, mean > 0 else { return [] }
    return costs.map { Float(min($0 / mean, 1e6)) }
  }
}
