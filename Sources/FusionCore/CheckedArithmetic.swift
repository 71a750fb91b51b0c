/// Arithmetic on numbers that came from a file: `nil` where Swift's own operators would trap.
///
/// Named functions instead of operators, so that a reader's checked steps stand out.
public enum CheckedArithmetic {
  /// The sum, or `nil` on overflow.
  public static func sum(_ a: Int, _ b: Int) -> Int? {
    let (value, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : value
  }

  /// The product, or `nil` on overflow.
  public static func product(_ a: Int, _ b: Int) -> Int? {
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : value
  }

  /// The half-open range `offset ..< offset + count` if it lies inside `0 ..< limit`.
  public static func range(offset: UInt64, count: UInt64, limit: Int) -> Range<Int>? {
    guard limit >= 0, let start = Int(exactly: offset), let length = Int(exactly: count),
      start <= limit, length <= limit - start
    else { return nil }
    return start..<(start + length)
  }

  /// The smallest multiple of `alignment` that is not below `value`, or `nil` on overflow.
  ///
  /// - Precondition: `alignment` is a power of two.
  public static func aligned(_ value: Int, to alignment: Int) -> Int? {
    precondition(alignment > 0 && alignment & (alignment - 1) == 0, "alignment \(alignment) is not a power of two")
    return sum(value, alignment - 1).map { $0 & ~(alignment - 1) }
  }

  /// `a / b` rounded up.
  ///
  /// - Precondition: `a >= 0` and `b > 0`.
  public static func ceilingDivision(_ a: Int, _ b: Int) -> Int {
    precondition(a >= 0 && b > 0, "ceiling division of \(a) by \(b)")
    return a / b + (a % b == 0 ? 0 : 1)
  }
}
