/// The dimensions of a tensor, outermost first, proven not to overflow.
///
/// A shape exists only if its element count fits in an `Int`, so that later code may multiply without a check.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
  /// More dimensions than any published weight has; a larger count in a file is a sign of damage.
  public static let maximumRank = 8

  /// Sizes, outermost first; empty for a scalar.
  public let dimensions: [Int]
  /// The product of the dimensions; 1 for a scalar.
  public let elementCount: Int

  /// Makes a shape from sizes that come from a file.
  ///
  /// - Returns: `nil` if a size is negative, there are more than ``maximumRank`` sizes, or the product of the
  ///   non-zero sizes overflows (a zero among them must not hide an overflow).
  public init?(_ dimensions: [Int]) {
    guard dimensions.count <= Shape.maximumRank else { return nil }
    var product = 1
    for size in dimensions {
      guard size >= 0 else { return nil }
      if size == 0 { continue }
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { return nil }
      product = next
    }
    self.dimensions = dimensions
    elementCount = dimensions.contains(0) ? 0 : product
  }

  /// A matrix shape known to the programmer.
  ///
  /// - Precondition: both sizes are at least 0 and their product fits in an `Int`.
  public static func matrix(rows: Int, columns: Int) -> Shape {
    guard let shape = Shape([rows, columns]) else {
      preconditionFailure("matrix shape \(rows) x \(columns) is negative or overflows")
    }
    return shape
  }

  /// Number of dimensions.
  public var rank: Int { dimensions.count }

  /// The first dimension (output channels of a weight), 1 for a scalar.
  public var rowCount: Int { dimensions.first ?? 1 }

  /// Elements of one row when all dimensions but the first are flattened; 0 if there are no rows.
  public var columnCount: Int { rowCount == 0 ? 0 : elementCount / rowCount }

  /// Bytes of a dense tensor of this shape.
  ///
  /// - Returns: `nil` if the product overflows.
  public func byteCount(of dtype: DType) -> Int? {
    let (bytes, overflow) = elementCount.multipliedReportingOverflow(by: dtype.byteWidth)
    return overflow ? nil : bytes
  }

  /// For example `[32064, 3072]`.
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
