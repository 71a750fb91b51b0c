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

  /// w = scale * code for signed bytes.
  public func dequantize(
    codes: UnsafeRawBufferPointer, scale: Float, into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(codes.count == target.count, "\(codes.count) codes for \(target.count) values")
    guard let from = codes.baseAddress, let to = target.baseAddress else { return }
    table.pointee.dequantize_s8(from.assumingMemoryBound(to: Int8.self), target.count, scale, to)
  }

  /// w = scale * (code - zeroPoint) for packed codes of four bits.
  ///
  /// - Parameter signed: codes are -8...7 instead of 0...15.
  /// - Precondition: `packed` holds exactly `target.count` codes and starts at a low half.
  public func dequantize(
    nibbles packed: UnsafeRawBufferPointer, scale: Float, zeroPoint: Float, signed: Bool,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(packed.count == (target.count + 1) / 2, "\(packed.count) bytes for \(target.count) codes")
    guard let from = packed.baseAddress, let to = target.baseAddress else { return }
    table.pointee.dequantize_nibbles(
      from.assumingMemoryBound(to: UInt8.self), target.count, scale, zeroPoint, signed, to)
  }

  /// Compares values with their decoded form: |clamp(x, range) - y| <= bound for every pair.
  ///
  /// - Returns: how many pairs break the bound, and how many values lie outside of the range.
  public func check(
    _ values: UnsafeBufferPointer<Float>, decoded: UnsafeBufferPointer<Float>, range: ClosedRange<Float>, bound: Float
  ) -> (violations: Int, clipped: Int) {
    precondition(values.count == decoded.count, "\(values.count) values against \(decoded.count)")
    guard let a = values.baseAddress, let b = decoded.baseAddress else { return (0, 0) }
    var result = fk_group_check()
    table.pointee.check_group(a, b, values.count, range.lowerBound, range.upperBound, bound, &result)
    return (Int(result.violation_count), Int(result.clipped_count))
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
  ///   - codes: least and greatest code.
  ///   - boundInSteps: how far a value may be from its code, in units of its group's scale.
  /// - Returns: how many values break the bound, how many lie outside of the range, and how many scales are not positive
  ///   normal numbers; where there are such, the other two say nothing.
  /// - Precondition: `matrix` is quantized.
  public func check(
    _ values: UnsafeBufferPointer<Float>, dividedBy divisors: [Float], against matrix: EncodedMatrix,
    codes: ClosedRange<Int>, boundInSteps: Float
  ) -> (violations: Int, clipped: Int, badScales: Int) {
    precondition(matrix.encoding.isQuantized, "a matrix of \(matrix.encoding.name) has no codes")
    precondition(values.count == matrix.rowCount * matrix.columnCount, "\(values.count) values of a matrix")
    precondition(divisors.isEmpty || divisors.count == matrix.columnCount, "\(divisors.count) divisors of columns")
    guard let from = values.baseAddress, !values.isEmpty else { return (0, 0, 0) }
    var description = matrix.description
    var result = fk_row_check()
    divisors.withUnsafeBufferPointer {
      table.pointee.check_rows(
        &description, from, divisors.isEmpty ? nil : $0.baseAddress, Float(codes.lowerBound), Float(codes.upperBound),
        boundInSteps, &result)
    }
    return (Int(result.violation_count), Int(result.clipped_count), Int(result.bad_scale_count))
  }
}
