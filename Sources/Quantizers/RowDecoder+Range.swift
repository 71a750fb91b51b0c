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
        case .verbatim: preconditionFailure("values as they are have no codes")
        }
      body(group.values, codes.least * group.scale, codes.greatest * group.scale)
    }
  }
}
