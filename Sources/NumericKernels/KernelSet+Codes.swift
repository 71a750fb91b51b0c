internal import CNumericKernels
import FusionCore

extension KernelSet {
  /// Packs codes of four bits two to a byte, the first in the low half; an odd last half is zero.
  ///
  /// - Precondition: `packed` has room for half the codes, rounded up.
  public func packNibbles(_ codes: UnsafeBufferPointer<Int8>, into packed: UnsafeMutableBufferPointer<UInt8>) {
    precondition(packed.count == (codes.count + 1) / 2, "\(packed.count) bytes for \(codes.count) codes")
    guard let from = codes.baseAddress, let to = packed.baseAddress else { return }
    table.pointee.pack_nibbles(from, codes.count, to)
  }

  /// The weights of a matrix of codes: w = s q or w = s (q - z), times the factor of the column.
  ///
  /// - Parameters:
  ///   - factors: one a column, or none at all.
  ///   - target: room for all rows.
  /// - Precondition: `matrix` is quantized.
  public func decode(_ matrix: EncodedMatrix, factors: [Float], into target: UnsafeMutableBufferPointer<Float>) {
    precondition(matrix.encoding.isQuantized, "a matrix of \(matrix.encoding.name) has no codes")
    precondition(target.count == matrix.rowCount * matrix.columnCount, "\(target.count) values of a matrix")
    precondition(factors.isEmpty || factors.count == matrix.columnCount, "\(factors.count) factors of columns")
    guard let to = target.baseAddress, !target.isEmpty else { return }
    var description = matrix.description
    factors.withUnsafeBufferPointer {
      table.pointee.decode_rows(&description, factors.isEmpty ? nil : $0.baseAddress, to)
    }
  }

  /// Compares values with the codes that they became: |clamp(x, range of the group's codes) - decoded| <= bound * scale.
  ///
  /// - Parameters:
  ///   - values: all rows of the matrix.
  ///   - divisors: one a column, which brings values into the units of the matrix's scales, or none at all.
  ///   - reach: least and greatest multiple of a scale that codes stand for, zero points apart.
  ///   - boundInSteps: how far a value may be from its code, in units of its group's scale; codes of a grid may be half the
  ///     way to the next entry from their values, whatever this says.
  /// - Returns: how many values break the bound, how many lie outside of the range, and how many scales are not positive
  ///   normal numbers; where there are such, the other two say nothing.
  /// - Precondition: `matrix` is quantized.
  public func check(
    _ values: UnsafeBufferPointer<Float>, dividedBy divisors: [Float], against matrix: EncodedMatrix,
    reach: ClosedRange<Int>, boundInSteps: Float
  ) -> (violations: Int, clipped: Int, badScales: Int) {
    precondition(matrix.encoding.isQuantized, "a matrix of \(matrix.encoding.name) has no codes")
    precondition(values.count == matrix.rowCount * matrix.columnCount, "\(values.count) values of a matrix")
    precondition(divisors.isEmpty || divisors.count == matrix.columnCount, "\(divisors.count) divisors of columns")
    guard let from = values.baseAddress, !values.isEmpty else { return (0, 0, 0) }
    var description = matrix.description
    var result = fk_row_check()
    divisors.withUnsafeBufferPointer {
      table.pointee.check_rows(
        &description, from, divisors.isEmpty ? nil : $0.baseAddress, Float(reach.lowerBound), Float(reach.upperBound),
        boundInSteps, &result)
    }
    return (Int(result.violation_count), Int(result.clipped_count), Int(result.bad_scale_count))
  }
}
