internal import CNumericKernels

/// Rows of keys or values of one attention head, borrowed from whoever holds them.
///
/// The numbers must stay in place for as long as any copy of this value is used, and no one may read a row while it is
/// written; that promise is what makes it safe to share between threads.
public struct AttentionRows: @unchecked Sendable {
  var rows: fk_rows

  /// Rows of float32 numbers.
  ///
  /// - Parameter stride: numbers from one row to the next.
  public init(_ numbers: UnsafePointer<Float>, stride: Int) {
    rows = fk_rows(numbers: numbers, scales: nil, stride: stride, number: FK_NUMBER_F32)
  }

  /// Rows of bfloat16 numbers.
  ///
  /// - Parameter stride: numbers from one row to the next.
  public init(bf16 numbers: UnsafePointer<UInt16>, stride: Int) {
    rows = fk_rows(numbers: numbers, scales: nil, stride: stride, number: FK_NUMBER_BF16)
  }

  /// Rows of codes, each with a scale.
  ///
  /// - Parameters:
  ///   - scales: one a row.
  ///   - stride: codes from one row to the next.
  public init(codes: UnsafePointer<Int8>, scales: UnsafePointer<Float>, stride: Int) {
    rows = fk_rows(numbers: codes, scales: scales, stride: stride, number: FK_NUMBER_S8)
  }

  /// The rows as float32 where they lie, with the numbers from one to the next; `nil` if they are held in another form.
  public var floats: (base: UnsafePointer<Float>, stride: Int)? {
    guard rows.number == FK_NUMBER_F32 else { return nil }
    return rows.numbers.map { ($0.assumingMemoryBound(to: Float.self), rows.stride) }
  }

  /// The rows from one on.
  public func dropFirst(_ count: Int) -> AttentionRows {
    precondition(count >= 0, "\(count) rows")
    let width =
      switch rows.number {
      case FK_NUMBER_F32: MemoryLayout<Float>.stride
      case FK_NUMBER_BF16: MemoryLayout<UInt16>.stride
      default: MemoryLayout<Int8>.stride
      }
    var other = self
    other.rows.numbers = rows.numbers.map { $0 + count * rows.stride * width }
    other.rows.scales = rows.scales.map { $0 + count }
    return other
  }
}
