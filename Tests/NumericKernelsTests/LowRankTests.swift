import NumericKernels
import TestSupport
import Testing

@Suite struct LowRankTests {
  private struct Product {
    let rows: Int
    let columns: Int
    let rank: Int
    var left: [Float]
    var right: [Float]
    var weights: [Float]

    init(rows: Int, columns: Int, rank: Int) {
      var generator = SplitMix64(seed: UInt64(rows * 10_000 + columns * 100 + rank))
      (self.rows, self.columns, self.rank) = (rows, columns, rank)
      left = mixedValues(rows * rank, using: &generator)
      right = mixedValues(rank * columns, using: &generator)
      weights = mixedValues(rows * columns, using: &generator)
    }

    func merged(_ kernels: KernelSet, scale: Double, isTransposed: Bool = false) -> [Float] {
      let stored =
        isTransposed ? (0..<(rank * columns)).map { right[($0 % rank) * columns + $0 / rank] } : right
      let panels = stored.withUnsafeBufferPointer {
        LowRankPanels($0, rank: rank, columnCount: columns, isTransposed: isTransposed)
      }
      return changed(weights) { target in
        left.withUnsafeBufferPointer { kernels.addLowRank(left: $0, panels: panels, scale: scale, to: target) }
      }
    }

    /// The definition, with nothing in another order.
    func expected(scale: Double) -> [Float] {
      (0..<(rows * columns)).map { index in
        let (row, column) = (index / columns, index % columns)
        var sum = 0.0
        for k in 0..<rank { sum += Double(left[row * rank + k]) * Double(right[k * columns + column]) }
        return Float(Double(weights[index]) + scale * sum)
      }
    }
  }

  @Test(arguments: [1, 7, 8, 33], [1, 15, 16, 17, 70])
  func everyLevelGivesTheBitsOfTheDefinition(rows: Int, columns: Int) throws {
    for rank in [1, 3, 64] {
      let product = Product(rows: rows, columns: columns, rank: rank)
      let expected = product.expected(scale: 0.3).map(\.bitPattern)
      for kernels in try Levels.all() {
        #expect(product.merged(kernels, scale: 0.3).map(\.bitPattern) == expected, "\(kernels.level) rank \(rank)")
        let transposed = product.merged(kernels, scale: 0.3, isTransposed: true)
        #expect(transposed.map(\.bitPattern) == expected, "\(kernels.level) rank \(rank), transposed")
      }
    }
  }

  @Test func aSmallDeltaOfALargeSumIsNotLost() throws {
    // In float32 the two large products would swallow the small one.
    var product = Product(rows: 1, columns: 16, rank: 3)
    product.left = [0x1p20, 1, -0x1p20]
    product.right =
      [Float](repeating: 0x1p20, count: 16) + [Float](repeating: 0.75, count: 16)
      + [Float](repeating: 0x1p20, count: 16)
    product.weights = [Float](repeating: 0.25, count: 16)
    for kernels in try Levels.all() {
      #expect(product.merged(kernels, scale: 2) == [Float](repeating: 1.75, count: 16), "\(kernels.level)")
    }
  }

  @Test func noRankOrNoRowsChangeNothing() throws {
    let none = Product(rows: 3, columns: 5, rank: 0)
    let empty = Product(rows: 0, columns: 5, rank: 2)
    for kernels in try Levels.all() {
      #expect(none.merged(kernels, scale: 1) == none.weights)
      #expect(empty.merged(kernels, scale: 1).isEmpty)
    }
  }
}
