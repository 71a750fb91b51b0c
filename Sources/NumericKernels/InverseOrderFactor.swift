internal import COpenBLAS
import FusionCore

/// The upper triangular matrix R with H = R transpose(R), for a symmetric positive definite H.
///
/// It is what turns the squared error e H transpose(e) of a row of weights into |e R|^2, of which component k depends on
/// the errors of columns 0 to k alone: columns can be rounded in order, each making up for those before it. This is the
/// inverse of the upper Cholesky factor of the inverse of H in GPTQ (arXiv 2210.17323, section 3.3), reached without
/// inverting anything: R is the Cholesky factor of H with rows and columns in reverse order.
public struct InverseOrderFactor: @unchecked Sendable {
  /// Rows and columns.
  public let count: Int
  /// R[k, k], positive.
  public let diagonal: [Float]
  /// R[i, k] / R[k, k] at i * ``count`` + k for i < k; everything else is 0.
  private let storage: AlignedBuffer

  /// Rows and columns of a tile of the factorization.
  private static let tileSize = 192

  /// Factors a matrix.
  ///
  /// - Parameters:
  ///   - count: rows and columns, at least 1.
  ///   - team: threads; the result does not depend on their number.
  ///   - element: H[i, k] for 0 <= k <= i < count.
  /// - Returns: `nil` if the matrix is not positive definite as far as float64 can tell.
  public init?(count: Int, team: WorkerTeam, element: @Sendable (_ i: Int, _ k: Int) -> Double) {
    precondition(count > 0 && count <= Int(Int32.max) / count, "a matrix of \(count) rows")
    let matrix = Matrix(count: count)
    let last = count - 1
    team.run(count: count) { _, row in
      // Rows and columns in reverse order; both triangles of H are the same.
      for column in 0...row { matrix.base[row * count + column] = element(last - column, last - row) }
    }
    guard Self.factor(matrix, team) else { return nil }
    self.count = count
    diagonal = (0..<count).map { Float(matrix.base[(last - $0) * count + (last - $0)]) }
    let storage = AlignedBuffer()
    storage.reserve(byteCount: count * count * MemoryLayout<Float>.stride)
    let target = Pointer(storage.pointer(to: Float.self))
    team.run(count: count) { _, i in
      for k in 0..<count {
        target.base[i * count + k] =
          i < k ? Float(matrix.base[(last - i) * count + (last - k)] / matrix.base[(last - k) * count + (last - k)]) : 0
      }
    }
    self.storage = storage
  }

  /// Calls a body with R[i, k] / R[k, k], row-major, valid during the call.
  public func withRatios<Result>(_ body: (UnsafePointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(storage) { try body(UnsafePointer(storage.pointer(to: Float.self))) }
  }

  private final class Matrix: @unchecked Sendable {
    let base: UnsafeMutablePointer<Double>
    let count: Int
    init(count: Int) {
      self.count = count
      base = .allocate(capacity: count * count)
      base.initialize(repeating: 0, count: count * count)
    }
    deinit { base.deallocate() }
    func at(_ row: Int, _ column: Int) -> UnsafeMutablePointer<Double> { base + row * count + column }
  }

  private struct Pointer: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    init(_ base: UnsafeMutablePointer<Float>) { self.base = base }
  }

  /// The lower Cholesky factor in place, tile by tile, so that threads can share the work in pieces of one size.
  private static func factor(_ matrix: Matrix, _ team: WorkerTeam) -> Bool {
    let count = matrix.count
    let stride = Int32(count)
    for start in Swift.stride(from: 0, to: count, by: tileSize) {
      let size = min(tileSize, count - start)
      // Column-major LAPACK sees the transpose: its upper triangle is the lower one here.
      var (order, leading, info) = (Int32(size), stride, Int32(0))
      BlasLibrary.call { $0.dpotrf("U", &order, matrix.at(start, start), &leading, &info) }
      guard info == 0 else { return false }
      let below = start + size
      let tileCount = CheckedArithmetic.ceilingDivision(count - below, tileSize)
      team.run(count: tileCount) { _, tile in
        let row = below + tile * tileSize
        let rows = min(tileSize, count - row)
        BlasLibrary.call {
          $0.dtrsm(
            BlasLibrary.rowMajor, BlasLibrary.right, BlasLibrary.lower, BlasLibrary.transposed, BlasLibrary.notUnit,
            Int32(rows), Int32(size), 1, matrix.at(start, start), stride, matrix.at(row, start), stride)
        }
      }
      // The longest rows of tiles first, so that threads end together.
      team.run(count: tileCount) { _, item in
        let row = below + (tileCount - 1 - item) * tileSize
        let rows = min(tileSize, count - row)
        BlasLibrary.call {
          $0.dgemm(
            BlasLibrary.rowMajor, BlasLibrary.plain, BlasLibrary.transposed, Int32(rows), Int32(row + rows - below),
            Int32(size), -1, matrix.at(row, start), stride, matrix.at(below, start), stride, 1, matrix.at(row, below),
            stride)
        }
      }
    }
    return true
  }
}
