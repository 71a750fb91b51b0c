internal import COpenBLAS

/// Products of dense float32 matrices by OpenBLAS, each on the calling thread alone.
///
/// The library's own threads are switched off: work is shared out by ``WorkerTeam`` in pieces that do not depend on
/// the number of threads, so results do not either.
public enum DenseProduct {
  /// A row-major matrix in memory.
  public struct Operand {
    let base: UnsafePointer<Float>
    let stride: Int

    /// - Parameters:
    ///   - base: the first element.
    ///   - stride: elements from one row to the next.
    public init(_ base: UnsafePointer<Float>, stride: Int) {
      self.base = base
      self.stride = stride
    }
  }

  private static let isSingleThreaded: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  /// Switches the library's own threads off, for callers of other parts of it.
  static func useOneThread() { precondition(isSingleThreaded, "OpenBLAS has threads of its own") }

  /// y = scale * a * transpose(b): each element is a dot product of a row of a and a row of b.
  ///
  /// - Parameters:
  ///   - a: [rows, inner].
  ///   - b: [columns, inner].
  ///   - target: [rows, columns], rows `targetStride` elements apart; overwritten.
  public static func multiplyTransposed(
    _ a: Operand, _ b: Operand, rows: Int, columns: Int, inner: Int, scale: Float = 1,
    into target: UnsafeMutablePointer<Float>, targetStride: Int
  ) {
    multiply(a, b, CblasTrans, rows: rows, columns: columns, inner: inner, scale, target, targetStride)
  }

  /// y = a * b, or y += a * b.
  ///
  /// - Parameters:
  ///   - a: [rows, inner].
  ///   - b: [inner, columns].
  ///   - adds: whether the product is added to what is there.
  ///   - target: [rows, columns], rows `targetStride` elements apart.
  public static func multiply(
    _ a: Operand, _ b: Operand, rows: Int, columns: Int, inner: Int, adds: Bool = false,
    into target: UnsafeMutablePointer<Float>, targetStride: Int
  ) {
    multiply(a, b, CblasNoTrans, rows: rows, columns: columns, inner: inner, 1, target, targetStride, adds: adds)
  }

  /// y += scale * transpose(a) * b: each element is a sum over rows of products of a column of a and a column of b.
  ///
  /// - Parameters:
  ///   - a: [rows, left].
  ///   - b: [rows, right].
  ///   - target: [left, right], rows `targetStride` elements apart; added to.
  public static func addColumnProducts(
    _ a: Operand, _ b: Operand, rows: Int, left: Int, right: Int, scale: Float = 1,
    to target: UnsafeMutablePointer<Float>, targetStride: Int
  ) {
    requireUsable(rows, left, right, strides: a.stride, b.stride, targetStride)
    guard rows > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, blasint(left), blasint(right), blasint(rows), scale, a.base,
      blasint(a.stride), b.base, blasint(b.stride), 1, target, blasint(targetStride))
  }

  private static func multiply(
    _ a: Operand, _ b: Operand, _ transposition: CBLAS_TRANSPOSE, rows: Int, columns: Int, inner: Int, _ scale: Float,
    _ target: UnsafeMutablePointer<Float>, _ targetStride: Int, adds: Bool = false
  ) {
    requireUsable(rows, columns, inner, strides: a.stride, b.stride, targetStride)
    guard rows > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, transposition, blasint(rows), blasint(columns), blasint(inner), scale, a.base,
      blasint(a.stride), b.base, blasint(b.stride), adds ? 1 : 0, target, blasint(targetStride))
  }

  /// No rows are allowed, other sides must be there, and BLAS counts in 32 bits.
  private static func requireUsable(_ rows: Int, _ second: Int, _ third: Int, strides: Int...) {
    precondition(isSingleThreaded && rows >= 0 && second > 0 && third > 0, "\(rows) x \(second) x \(third)")
    let largest = strides.reduce(max(rows, second, third), max)
    precondition(largest <= Int(Int32.max), "a side of \(largest) elements is too long for BLAS")
  }
}
