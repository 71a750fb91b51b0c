import FusionCore
import NumericKernels

/// Chooses codes column by column, each one making up for the errors of those before it; one object for each thread.
///
/// Scales and zero points are given: they are found on the weights as they are ("static groups"), so that the order of
/// the columns is free.
final class FeedbackEncoder {
  /// Columns whose errors are passed on one by one; those of earlier blocks come as one matrix product.
  static let blockColumnCount = 64
  /// Rows that go through the columns together.
  static let blockRowCount = 128
  /// No code is further than this from the nearest one, in steps or entries of a grid.
  static let reach: Float = 8

  private var errors: [Float] = []
  private var targets: [Float] = []
  private let tile: FeedbackTile

  init(kernels: KernelSet) { tile = FeedbackTile(kernels: kernels, columnCount: Self.blockColumnCount) }

  /// What the codes of a block of rows are chosen from; every run is row after row.
  struct Rows {
    /// Weights as they are.
    let weights: UnsafeBufferPointer<Float>
    /// A scale and a zero point for each group of each row.
    let scales: [Float]
    let zeroPoints: [Float]
    let rowCount: Int
    let columnCount: Int
    let groupSize: Int
    /// Empty for ones.
    let columnScales: [Float]
    /// Which codes there are.
    let search: ScaleSearch

    var groupsPerRow: Int { CheckedArithmetic.ceilingDivision(columnCount, groupSize) }
  }

  /// Writes the codes of some rows.
  ///
  /// - Returns: the largest distance in steps between a weight, brought into reach of its codes, and what its code
  ///   stands for.
  func encode(
    _ rows: Rows, feedback: ErrorFeedback, into target: UnsafeMutableBufferPointer<Int8>
  ) -> Float {
    var largest: Float = 0
    for first in stride(from: 0, to: rows.rowCount, by: Self.blockRowCount) {
      let block = first..<min(first + Self.blockRowCount, rows.rowCount)
      largest = max(largest, encode(block, of: rows, feedback, into: target))
    }
    return largest
  }

  private func encode(
    _ block: Range<Int>, of rows: Rows, _ feedback: ErrorFeedback, into target: UnsafeMutableBufferPointer<Int8>
  ) -> Float {
    let columns = rows.columnCount
    let lanes = KernelSet.laneCount
    let width = Self.blockColumnCount
    grow(&errors, block.count * columns)
    grow(&targets, block.count * width)
    var largest: Float = 0
    feedback.factor.withRatios { ratios in
      for start in stride(from: 0, to: columns, by: width) {
        let count = min(width, columns - start)
        if start > 0 {
          errors.withUnsafeBufferPointer { errors in
            targets.withUnsafeMutableBufferPointer { targets in
              guard let e = errors.baseAddress, let t = targets.baseAddress else { return }
              DenseProduct.multiply(
                .init(e, stride: columns), .init(ratios + start, stride: columns), rows: block.count, columns: count,
                inner: start, into: t, targetStride: width)
            }
          }
        }
        for firstRow in stride(from: 0, to: block.count, by: lanes) {
          let laneRows = firstRow..<min(firstRow + lanes, block.count)
          fill(laneRows, block, rows, feedback.order, start: start, count: count)
          tile.choose(
            count, factors: ratios + start * columns + start, stride: columns, codes: rows.search.codes,
            spacing: rows.search.spacing, reach: Self.reach)
          largest = max(
            largest, take(laneRows, block, rows, feedback.order, start: start, count: count, into: target))
        }
      }
    }
    return largest
  }

  /// Brings some columns of up to 16 rows into the tiles; lanes without a row get zeros and the scale 1.
  private func fill(
    _ laneRows: Range<Int>, _ block: Range<Int>, _ rows: Rows, _ order: [Int], start: Int, count: Int
  ) {
    let lanes = KernelSet.laneCount
    let groups = rows.groupsPerRow
    for position in 0..<count {
      let column = order[start + position]
      let group = column / rows.groupSize
      let columnScale = rows.columnScales.isEmpty ? 1 : rows.columnScales[column]
      for lane in 0..<lanes {
        let index = position * lanes + lane
        guard lane < laneRows.count else {
          tile.weights[index] = 0
          tile.scales[index] = 1
          tile.zeroPoints[index] = 0
          tile.targets[index] = 0
          continue
        }
        let blockRow = laneRows.lowerBound + lane
        let row = block.lowerBound + blockRow
        tile.weights[index] = rows.weights[row * rows.columnCount + column]
        // Below the normal numbers the reciprocal would be infinite; what such a step changes is nothing.
        tile.scales[index] = max(rows.scales[row * groups + group] * columnScale, .leastNormalMagnitude)
        tile.zeroPoints[index] = rows.zeroPoints[row * groups + group]
        tile.targets[index] = start > 0 ? targets[blockRow * Self.blockColumnCount + position] : 0
      }
    }
  }

  /// Takes codes and errors out of the tiles.
  private func take(
    _ laneRows: Range<Int>, _ block: Range<Int>, _ rows: Rows, _ order: [Int], start: Int, count: Int,
    into target: UnsafeMutableBufferPointer<Int8>
  ) -> Float {
    let lanes = KernelSet.laneCount
    let groups = rows.groupsPerRow
    var largest: Float = 0
    for position in 0..<count {
      let column = order[start + position]
      let columnScale = rows.columnScales.isEmpty ? 1 : rows.columnScales[column]
      for lane in 0..<laneRows.count {
        let index = position * lanes + lane
        let blockRow = laneRows.lowerBound + lane
        let row = block.lowerBound + blockRow
        target[row * rows.columnCount + column] = tile.codes[index]
        errors[blockRow * rows.columnCount + start + position] = tile.errors[index]
        let weight = tile.weights[index] / columnScale / rows.scales[row * groups + column / rows.groupSize]
        largest = max(largest, deviation(index, weight, rows.search))
      }
    }
    return largest
  }

  /// How far a code is from its weight, in steps and as a verifier sees it: after the division by the column's scale.
  private func deviation(_ index: Int, _ weight: Float, _ search: ScaleSearch) -> Float {
    let zeroPoint = tile.zeroPoints[index]
    let steps =
      switch search.spacing {
      case .even: Float(tile.codes[index]) - zeroPoint
      case .grid: Float(WeightGrid.entries[Int(tile.codes[index])])
      }
    let reach = search.reach
    let reachable = min(max(weight, Float(reach.lowerBound) - zeroPoint), Float(reach.upperBound) - zeroPoint)
    return abs(reachable - steps)
  }

  private func grow(_ buffer: inout [Float], _ count: Int) {
    if buffer.count < count { buffer = [Float](repeating: 0, count: count) }
  }
}
