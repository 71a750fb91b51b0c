import FusionCore
import Glibc
import NumericKernels

/// The upper triangle of a symmetric float32 matrix of sums of products, in square tiles.
///
///     tile 0 | tile 1 | tile 2         each tile [tile side, tile side], row-major;
///            | tile 3 | tile 4         of a tile on the diagonal only the upper half counts
///                     | tile 5
///
/// Tiles lie one after the other, so that memory is that of the triangle and not of the square, and every tile is summed
/// by one thread from the same products in the same order, whatever the number of threads.
final class ProductTiles {
  /// Columns of a tile: 256 KiB, so that a core works in its own cache.
  private static let largestSide = 256
  /// Rows of an input that are summed by one product.
  private static let rowsAtOnce = 512

  let width: Int
  private let side: Int
  private let tilesPerSide: Int
  private let tileElementCount: Int
  private let values: UnsafeMutablePointer<Float>
  private var scaled: [Float] = []

  /// A matrix of zeros.
  ///
  /// - Precondition: a width that `CheckedArithmetic` can make a triangle of.
  init(width: Int) {
    precondition(width > 0, "\(width) columns")
    self.width = width
    side = min(width, Self.largestSide)
    tilesPerSide = (width + side - 1) / side
    tileElementCount = side * side
    let tileCount = tilesPerSide * (tilesPerSide + 1) / 2
    let count = CheckedArithmetic.product(tileCount, tileElementCount)
    // Pages of zeros cost nothing until they are written.
    guard let count, let memory = calloc(count, MemoryLayout<Float>.stride) else {
      preconditionFailure("no memory for the products of \(width) columns")
    }
    values = memory.bindMemory(to: Float.self, capacity: count)
  }

  deinit { free(values) }

  /// Adds weight * transpose(x) * x for rows that lie one after the other.
  ///
  /// - Parameter runs: rows with their weights, in order.
  func add(_ x: UnsafeBufferPointer<Float>, runs: [WeightedRows], team: WorkerTeam) {
    guard let base = x.baseAddress, let first = runs.first, let last = runs.last else { return }
    let isUniform = runs.allSatisfy { $0.weight == first.weight }
    if isUniform, zip(runs, runs.dropFirst()).allSatisfy({ $0.rows.upperBound == $1.rows.lowerBound }) {
      add(base, base, rows: first.rows.lowerBound..<last.rows.upperBound, weight: Float(first.weight), team)
      return
    }
    for start in stride(from: first.rows.lowerBound, to: last.rows.upperBound, by: Self.rowsAtOnce) {
      let rows = start..<min(start + Self.rowsAtOnce, last.rows.upperBound)
      scale(base, rows: rows, runs, team)
      scaled.withUnsafeBufferPointer { scaled in
        guard let other = scaled.baseAddress else { return }
        // Both begin at the same row.
        add(base + rows.lowerBound * width, other, rows: 0..<rows.count, weight: 1, team)
      }
    }
  }

  /// Rows times their weights; zeros for rows that are in no run.
  private func scale(_ base: UnsafePointer<Float>, rows: Range<Int>, _ runs: [WeightedRows], _ team: WorkerTeam) {
    var weights = [Float](repeating: 0, count: rows.count)
    for run in runs {
      for row in run.rows.clamped(to: rows) { weights[row - rows.lowerBound] = Float(run.weight) }
    }
    let width = width
    if scaled.count < rows.count * width { scaled = [Float](repeating: 0, count: rows.count * width) }
    nonisolated(unsafe) let source = base + rows.lowerBound * width
    scaled.withUnsafeMutableBufferPointer { scaled in
      nonisolated(unsafe) let target = scaled
      team.run(count: rows.count) { [weights] _, row in
        for index in (row * width)..<((row + 1) * width) { target[index] = weights[row] * source[index] }
      }
    }
  }

  private func add(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, rows: Range<Int>, weight: Float, _ team: WorkerTeam
  ) {
    let (width, side, perSide, elementCount) = (width, side, tilesPerSide, tileElementCount)
    nonisolated(unsafe) let (a, b, values) = (a, b, values)
    let places = (0..<perSide).flatMap { row in (row..<perSide).map { (row: row, column: $0) } }
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rowsAtOnce) {
      let count = min(Self.rowsAtOnce, rows.upperBound - start)
      team.run(count: places.count) { _, index in
        let (left, right) = (places[index].row * side, places[index].column * side)
        DenseProduct.addColumnProducts(
          DenseProduct.Operand(a + start * width + left, stride: width),
          DenseProduct.Operand(b + start * width + right, stride: width), rows: count,
          left: min(side, width - left), right: min(side, width - right), scale: weight,
          to: values + index * elementCount, targetStride: side)
      }
    }
  }

  /// Visits a row from the diagonal on, in runs that lie one after the other in memory.
  private func forEachRun(ofRow row: Int, _ body: (_ run: UnsafeMutableBufferPointer<Float>) -> Void) {
    precondition(row >= 0 && row < width, "row \(row) of \(width)")
    let tileRow = row / side
    // Tiles of the rows of tiles above.
    var tile = tileRow * tilesPerSide - tileRow * (tileRow - 1) / 2
    for tileColumn in tileRow..<tilesPerSide {
      let first = tileColumn == tileRow ? row - tileRow * side : 0
      let last = min(side, width - tileColumn * side)
      let start = values + tile * tileElementCount + (row - tileRow * side) * side + first
      body(UnsafeMutableBufferPointer(start: start, count: last - first))
      tile += 1
    }
  }

  /// Writes a row from the diagonal on.
  ///
  /// - Parameter target: room for `width - row` values.
  func copyRow(_ row: Int, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count == width - row, "room for \(target.count) of \(width - row)")
    var done = 0
    forEachRun(ofRow: row) { run in
      for (index, value) in run.enumerated() { target[done + index] = value }
      done += run.count
    }
  }

  /// Replaces a row from the diagonal on.
  func setRow(_ row: Int, from source: UnsafeBufferPointer<Float>) {
    precondition(source.count == width - row, "\(source.count) of \(width - row)")
    var done = 0
    forEachRun(ofRow: row) { run in
      for index in run.indices { run[index] = source[done + index] }
      done += run.count
    }
  }
}
