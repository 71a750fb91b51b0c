/// The right factor of a product of low rank, laid out for ``KernelSet/addLowRank(left:panels:scale:to:)``: 16 columns of
/// all its rows side by side, so that one row of weights reads memory front to back.
public struct LowRankPanels: Sendable {
  /// Rows of the factor.
  public let rank: Int
  /// Columns of the factor.
  public let columnCount: Int
  /// For each 16 columns, `rank` runs of 16 values; the last panel is filled up with zeros.
  let values: [Float]

  /// Packs a factor.
  ///
  /// - Parameters:
  ///   - factor: row-major values: `rank` rows of `columnCount`, or the other way round.
  ///   - isTransposed: whether `factor` has `columnCount` rows of `rank` values.
  /// - Precondition: `factor` holds `rank * columnCount` values.
  public init(_ factor: UnsafeBufferPointer<Float>, rank: Int, columnCount: Int, isTransposed: Bool) {
    precondition(factor.count == rank * columnCount, "\(factor.count) values for \(rank) x \(columnCount)")
    let lanes = KernelSet.laneCount
    let panelCount = (columnCount + lanes - 1) / lanes
    var values = [Float](repeating: 0, count: panelCount * lanes * rank)
    for column in 0..<columnCount {
      let start = (column / lanes) * lanes * rank + column % lanes
      for row in 0..<rank {
        values[start + row * lanes] = factor[isTransposed ? column * rank + row : row * columnCount + column]
      }
    }
    self.rank = rank
    self.columnCount = columnCount
    self.values = values
  }
}
