internal import COpenBLAS
import FusionCore

/// Products of dense float32 matrices by OpenBLAS, each on the calling thread alone.
///
/// The library is loaded by the first product, and told to start no threads: work is shared out by ``WorkerTeam`` in pieces that do not depend on
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

  /// Loads the library, for callers that can tell a user if that fails; else the first product stops the program.
  ///
  /// - Throws: `.libraryMissing`; `.tooLittleMemory` if the process may not have what the library works in.
  public static func prepare() throws { _ = try BlasLibrary.loaded.get() }

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
    multiply(a, b, BlasLibrary.transposed, rows: rows, columns: columns, inner: inner, scale, target, targetStride)
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
    multiply(a, b, BlasLibrary.plain, rows: rows, columns: columns, inner: inner, 1, target, targetStride, adds: adds)
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
    BlasLibrary.call {
      $0.sgemm(
        BlasLibrary.rowMajor, BlasLibrary.transposed, BlasLibrary.plain, Int32(left), Int32(right), Int32(rows), scale,
        a.base, Int32(a.stride), b.base, Int32(b.stride), 1, target, Int32(targetStride))
    }
  }

  private static func multiply(
    _ a: Operand, _ b: Operand, _ transposition: Int32, rows: Int, columns: Int, inner: Int, _ scale: Float,
    _ target: UnsafeMutablePointer<Float>, _ targetStride: Int, adds: Bool = false
  ) {
    requireUsable(rows, columns, inner, strides: a.stride, b.stride, targetStride)
    guard rows > 0 else { return }
    BlasLibrary.call {
      $0.sgemm(
        BlasLibrary.rowMajor, BlasLibrary.plain, transposition, Int32(rows), Int32(columns), Int32(inner), scale,
        a.base, Int32(a.stride), b.base, Int32(b.stride), adds ? 1 : 0, target, Int32(targetStride))
    }
  }

  /// No rows are allowed, other sides must be there, and BLAS counts in 32 bits.
  private static func requireUsable(_ rows: Int, _ second: Int, _ third: Int, strides: Int...) {
    precondition(rows >= 0 && second > 0 && third > 0, "\(rows) x \(second) x \(third)")
    let largest = strides.reduce(max(rows, second, third), max)
    precondition(largest <= Int(Int32.max), "a side of \(largest) elements is too long for BLAS")
  }
}
