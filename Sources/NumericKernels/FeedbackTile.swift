internal import CNumericKernels

/// Some columns of sixteen rows, whose codes are chosen column by column, each one with the errors of those before it.
///
/// Row g of column k is at 16 k + g everywhere.
public final class FeedbackTile {
  /// Columns that there is room for.
  public let columnCount: Int
  /// Weights.
  public var weights: [Float]
  /// Scale of the row's group, in the units of the weights; positive.
  public var scales: [Float]
  /// Zero point of the row's group.
  public var zeroPoints: [Float]
  /// What the errors of columns before these add to the weights; used up by ``choose(_:factors:stride:codes:spacing:reach:)``.
  public var targets: [Float]
  /// Weights minus what their codes stand for.
  public private(set) var errors: [Float]
  /// The codes.
  public private(set) var codes: [Int8]

  private let kernels: KernelSet

  /// Makes a tile of zeros with scales of 1.
  public init(kernels: KernelSet, columnCount: Int) {
    let count = columnCount * KernelSet.laneCount
    self.kernels = kernels
    self.columnCount = columnCount
    weights = [Float](repeating: 0, count: count)
    scales = [Float](repeating: 1, count: count)
    zeroPoints = weights
    targets = weights
    errors = weights
    codes = [Int8](repeating: 0, count: count)
  }

  /// Chooses the codes.
  ///
  /// - Parameters:
  ///   - count: columns in use.
  ///   - factors: at k * stride + l, l > k, what an error of column k adds to the target of column l.
  ///   - codes: least and greatest code.
  ///   - spacing: what codes stand for; those of a grid have no zero points.
  ///   - reach: no code is further than this from the nearest one, in steps or entries of the grid; a whole number.
  public func choose(
    _ count: Int, factors: UnsafePointer<Float>, stride: Int, codes range: ClosedRange<Int>,
    spacing: CodeSpacing = .even, reach: Float
  ) {
    precondition(count <= columnCount, "\(count) columns in a tile of \(columnCount)")
    var description = fk_feedback(
      count: count, factors: factors, stride: stride, code_min: Float(range.lowerBound),
      code_max: Float(range.upperBound), reach: reach, grid: spacing == .grid)
    kernels.table.pointee.feedback_x16(&description, weights, scales, zeroPoints, &targets, &codes, &errors)
  }
}
