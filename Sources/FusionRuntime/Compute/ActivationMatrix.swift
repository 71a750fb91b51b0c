import Glibc

/// Float32 activations, row-major: one row for each token, patch or feature.
///
/// A reference to memory that several threads fill at the same time, each its own rows; whoever makes the matrix sees to
/// it that no one reads a row while another writes it.
public final class ActivationMatrix: @unchecked Sendable {
  /// Number of rows.
  public let rowCount: Int
  /// Values in a row.
  public let columnCount: Int

  private let storage: UnsafeMutableBufferPointer<Float>
  private let pool: ActivationPool?

  /// Makes a matrix of zeros.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "\(rows) x \(columns)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(!overflow, "\(rows) x \(columns) overflows")
    rowCount = rows
    columnCount = columns
    // Pages of zeros that cost nothing until they are written: a cache takes memory as it fills.
    let memory = calloc(max(count, 1), MemoryLayout<Float>.stride)
    guard let memory else { preconditionFailure("no memory for \(rows) x \(columns) values") }
    storage = UnsafeMutableBufferPointer(start: memory.bindMemory(to: Float.self, capacity: count), count: count)
    pool = nil
  }

  /// Makes a matrix of undefined values in memory that goes back to a pool.
  init(rows: Int, columns: Int, pool: ActivationPool) {
    rowCount = rows
    columnCount = columns
    storage = pool.take(rows * columns)
    self.pool = pool
  }

  /// Makes a matrix of given values.
  ///
  /// - Precondition: as many values as the matrix has room for.
  public convenience init(rows: Int, columns: Int, values: [Float]) {
    self.init(rows: rows, columns: columns)
    precondition(values.count == storage.count, "\(values.count) values for \(rows) x \(columns)")
    _ = storage.update(from: values)
  }

  deinit {
    if let pool {
      pool.giveBack(storage)
    } else {
      free(storage.baseAddress)
    }
  }

  // Pointers stay inside this module, where the matrix they belong to is known to live on.

  /// All values, rows one after the other.
  var values: UnsafeMutableBufferPointer<Float> { storage }

  /// One row.
  subscript(row: Int) -> UnsafeMutableBufferPointer<Float> {
    precondition(row >= 0 && row < rowCount, "row \(row) of \(rowCount)")
    return UnsafeMutableBufferPointer(rebasing: storage[(row * columnCount)..<((row + 1) * columnCount)])
  }

  /// Part of a row.
  subscript(row: Int, columns: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(rebasing: self[row][columns])
  }

  /// Address of an element.
  ///
  /// - Precondition: the matrix is not empty and the element is inside.
  func address(_ row: Int, _ column: Int = 0) -> UnsafeMutablePointer<Float> {
    precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount, "element \(row), \(column)")
    guard let base = storage.baseAddress else { preconditionFailure("the matrix is empty") }
    return base + row * columnCount + column
  }

  /// A copy of all rows.
  public func copy() -> ActivationMatrix { copy(rows: 0..<rowCount) }

  /// A copy of some rows.
  public func copy(rows: Range<Int>) -> ActivationMatrix {
    let result = ActivationMatrix(rows: rows.count, columns: columnCount)
    result.replaceRows(at: 0, with: self, rows: rows)
    return result
  }

  /// A copy of chosen rows, in the order given.
  public func copy(rows: [Int]) -> ActivationMatrix {
    let result = ActivationMatrix(rows: rows.count, columns: columnCount)
    for (index, row) in rows.enumerated() { _ = result[index].update(from: self[row]) }
    return result
  }

  /// Copies rows of another matrix of the same width over rows of this one.
  public func replaceRows(at start: Int, with other: ActivationMatrix, rows: Range<Int>) {
    precondition(other.columnCount == columnCount, "\(other.columnCount) columns into \(columnCount)")
    for row in rows { _ = self[start + row - rows.lowerBound].update(from: other[row]) }
  }

  /// A copy of all values, rows one after the other.
  public var array: [Float] { Array(storage) }

  /// Lends one row.
  public func withRow<Result>(_ index: Int, _ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(UnsafeBufferPointer(self[index])) }
  }

  /// Lends all values, rows one after the other.
  public func withValues<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(UnsafeBufferPointer(storage)) }
  }

  /// A copy of one row.
  public func row(_ index: Int) -> [Float] { Array(self[index]) }
}
