import FusionCore
import NumericKernels

extension RowDecoder {
  /// Lends what each group's codes can stand for.
  ///
  /// - Parameters:
  ///   - streams: as for ``decode(_:rows:into:)``.
  ///   - body: called with the positions of a group's values in the block of rows, and the least and greatest value that
  ///     a code gives.
  public func forEachRange(
    _ streams: [UnsafeRawBufferPointer], rows: Int,
    _ body: (_ values: Range<Int>, _ low: Float, _ high: Float) -> Void
  ) {
    forEachGroup(streams, rows: rows) { group in
      let codes: (least: Float, greatest: Float) =
        switch encoding.kind {
        case .int8: (-127, 127)
        case .int4Symmetric: (-8, 7)
        case .int4Asymmetric: (-group.zeroPoint, 15 - group.zeroPoint)
        case .int4NonLinear: (Float(WeightGrid.reach.lowerBound), Float(WeightGrid.reach.upperBound))
        case .verbatim: preconditionFailure("values as they are have no codes")
        }
      body(group.values, codes.least * group.scale, codes.greatest * group.scale)
    }
  }

  /// How far a weight may be from what its code stands for, in steps.
  ///
  /// - Parameters:
  ///   - position: place of the weight in its group.
  ///   - leastBound: what is permitted in any case.
  func bounds(of position: Int, in group: Group, leastBound: Float) -> (below: Float, above: Float) {
    guard encoding.kind == .int4NonLinear else { return (leastBound, leastBound) }
    let byte = group.codes[position / 2]
    let (below, above) = WeightGrid.bounds(ofCode: Int(position % 2 == 0 ? byte & 15 : byte >> 4))
    return (max(below, leastBound), max(above, leastBound))
  }
}
