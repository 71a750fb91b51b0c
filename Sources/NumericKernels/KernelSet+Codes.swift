internal import CNumericKernels

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
}
