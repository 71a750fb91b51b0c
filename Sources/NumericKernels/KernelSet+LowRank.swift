internal import CNumericKernels

extension KernelSet {
  /// weights += scale * left * right for some rows, as merging an adapter of low rank needs it.
  ///
  /// The sum over the rank, the scaling and the addition are done in float64 and the result is rounded once to
  /// float32; products of float32 numbers are exact in float64. So the result is within half a unit in the last place
  /// of the exact one, give or take the float64 rounding, and the same on every machine.
  ///
  /// - Parameters:
  ///   - left: `rank` values for each row.
  ///   - panels: the right factor as ``LowRankPanels`` packs it.
  ///   - weights: rows of `panels.columnCount` values without gaps; changed in place.
  /// - Precondition: `left` and `weights` hold the same whole number of rows.
  public func addLowRank(
    left: UnsafeBufferPointer<Float>, panels: LowRankPanels, scale: Double,
    to weights: UnsafeMutableBufferPointer<Float>
  ) {
    let (rank, columns) = (panels.rank, panels.columnCount)
    guard columns > 0, rank > 0 else { return }
    let rowCount = weights.count / columns
    precondition(
      weights.count == rowCount * columns && left.count == rowCount * rank,
      "\(weights.count) weights and \(left.count) factors for rows of \(columns) of rank \(rank)")
    panels.values.withUnsafeBufferPointer { right in
      guard let factors = left.baseAddress, let packed = right.baseAddress, let target = weights.baseAddress else {
        return
      }
      table.pointee.add_low_rank_f32(factors, packed, rank, scale, rowCount, columns, target)
    }
  }
}
