internal import CNumericKernels
import FusionCore

extension KernelSet {
  /// Reads floats of a stored type as float32, exactly.
  ///
  /// - Parameters:
  ///   - source: little-endian values, of any alignment.
  ///   - type: `.bf16`, `.f16` or `.f32`.
  ///   - target: gets as many values as it has room for.
  /// - Precondition: `source` holds exactly `target.count` values of that type.
  public func widen(_ source: UnsafeRawBufferPointer, type: DType, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(
      source.count == target.count * type.byteWidth, "\(source.count) bytes are not \(target.count) values of \(type)")
    guard let from = source.baseAddress, let to = target.baseAddress else { return }
    switch type {
    case .bf16: table.pointee.widen_bf16(from, to, target.count)
    case .f16: table.pointee.widen_f16(from, to, target.count)
    case .f32: UnsafeMutableRawPointer(to).copyMemory(from: from, byteCount: source.count)
    default: preconditionFailure("\(type) does not widen to float32 without loss")
    }
  }

  /// Writes float32 values as a stored type, rounded to nearest, ties to even.
  ///
  /// - Precondition: `target` has room for exactly `source.count` values; `type` is `.bf16`, `.f16` or `.f32`.
  public func narrow(_ source: UnsafeBufferPointer<Float>, type: DType, into target: UnsafeMutableRawBufferPointer) {
    precondition(
      target.count == source.count * type.byteWidth, "\(target.count) bytes for \(source.count) values of \(type)")
    guard let from = source.baseAddress, let to = target.baseAddress else { return }
    switch type {
    case .bf16: table.pointee.narrow_bf16(from, to, source.count)
    case .f16: table.pointee.narrow_f16(from, to, source.count)
    case .f32: to.copyMemory(from: from, byteCount: target.count)
    default: preconditionFailure("float32 values are not written as \(type)")
    }
  }

  /// Adds values to running sums.
  public func accumulate(_ values: UnsafeBufferPointer<Float>, into moments: inout Moments) {
    guard let base = values.baseAddress else { return }
    table.pointee.moments_f32(base, values.count, &moments.sums)
    moments.count += values.count
  }

  /// Adds the differences of two equally long runs of values to running sums.
  public func accumulate(
    reference: UnsafeBufferPointer<Float>, other: UnsafeBufferPointer<Float>, into difference: inout DifferenceSums
  ) {
    precondition(reference.count == other.count, "\(reference.count) values against \(other.count)")
    guard let a = reference.baseAddress, let b = other.baseAddress else { return }
    table.pointee.difference_f32(a, b, reference.count, &difference.sums)
  }
}
