import NumericKernels

/// What a linear layer's inputs look like: sums over rows x of w x_j^2 and w |x_j| for each column j, and on request of
/// w x x^T, which is what the squared error of the layer's output is made of.
///
/// Float64 sums in the order of the rows; products in float32, in blocks whose bounds depend on the rows of a call
/// alone. So the number of threads changes no bit, nor does it if the sums are written down between two calls and
/// restored. Used by one caller at a time.
public final class SecondMoments {
  /// Columns that a thread sums at a time: what stays in the fastest cache.
  private static let columnsAtOnce = 512

  /// Values in a row.
  public let width: Int
  /// Sum of the rows' weights.
  public private(set) var weight: Double
  /// For each column the weighted sum of squares.
  public private(set) var squareSums: [Double]
  /// For each column the weighted sum of magnitudes.
  public private(set) var magnitudeSums: [Double]

  private let products: ProductTiles?

  /// Nothing yet.
  ///
  /// - Parameters:
  ///   - width: values in a row, at least 1.
  ///   - hasProducts: whether all pairs of columns are summed: 2 `width`^2 bytes.
  public init(width: Int, hasProducts: Bool) {
    precondition(width > 0, "\(width) columns")
    self.width = width
    weight = 0
    squareSums = [Double](repeating: 0, count: width)
    magnitudeSums = squareSums
    products = hasProducts ? ProductTiles(width: width) : nil
  }

  /// Sums that were written down, to be gone on with; products follow with ``restoreProducts(ofRow:from:)``.
  public convenience init(weight: Double, squareSums: [Double], magnitudeSums: [Double], hasProducts: Bool) {
    precondition(squareSums.count == magnitudeSums.count, "\(squareSums.count) and \(magnitudeSums.count) columns")
    self.init(width: squareSums.count, hasProducts: hasProducts)
    self.weight = weight
    self.squareSums = squareSums
    self.magnitudeSums = magnitudeSums
  }

  /// Whether all pairs of columns are summed.
  public var hasProducts: Bool { products != nil }

  /// Values in the upper triangle of the products.
  public static func productCount(width: Int) -> Int { width * (width + 1) / 2 }

  /// Adds rows.
  ///
  /// - Parameters:
  ///   - values: whole rows, one after the other.
  ///   - runs: which of them count and how much, in order, none twice.
  public func add(_ values: UnsafeBufferPointer<Float>, runs: [WeightedRows], team: WorkerTeam) {
    let runs = runs.filter { !$0.rows.isEmpty }
    precondition(
      zip(runs, runs.dropFirst()).allSatisfy { $0.rows.upperBound <= $1.rows.lowerBound }, "runs out of order")
    guard let first = runs.first, let last = runs.last else { return }
    precondition(
      first.rows.lowerBound >= 0 && last.rows.upperBound * width <= values.count, "rows up to \(last.rows.upperBound)")
    for run in runs { weight += run.weight * Double(run.rows.count) }
    addColumns(values, runs, team)
    products?.add(values, runs: runs, team: team)
  }

  private func addColumns(_ values: UnsafeBufferPointer<Float>, _ runs: [WeightedRows], _ team: WorkerTeam) {
    let (width, size) = (width, Self.columnsAtOnce)
    nonisolated(unsafe) let values = values
    squareSums.withUnsafeMutableBufferPointer { squares in
      magnitudeSums.withUnsafeMutableBufferPointer { magnitudes in
        nonisolated(unsafe) let (squares, magnitudes) = (squares, magnitudes)
        team.run(count: (width + size - 1) / size) { _, block in
          let columns = (block * size)..<min((block + 1) * size, width)
          for run in runs {
            for row in run.rows {
              let start = row * width
              for column in columns {
                let value = Double(values[start + column])
                squares[column] += run.weight * (value * value)
                magnitudes[column] += run.weight * abs(value)
              }
            }
          }
        }
      }
    }
  }

  /// Writes a row of the products from the diagonal on: columns `row` to `width - 1`.
  ///
  /// - Precondition: products are summed, and `target` has room for exactly these values.
  public func copyProducts(ofRow row: Int, into target: UnsafeMutableBufferPointer<Float>) {
    guard let products else { preconditionFailure("no products were summed") }
    products.copyRow(row, into: target)
  }

  /// Takes a row of the products from the diagonal on as it was written down.
  ///
  /// - Precondition: products are summed, and `source` has exactly these values.
  public func restoreProducts(ofRow row: Int, from source: UnsafeBufferPointer<Float>) {
    guard let products else { preconditionFailure("no products were summed") }
    products.setRow(row, from: source)
  }
}
