import NumericKernels
import Quantizers
import TestSupport
import Testing

@Suite struct SecondMomentsTests {
  /// Rows of random values, and runs of them with weights.
  private struct Sample {
    let width: Int
    var values: [Float]
    var runs: [WeightedRows]

    init(width: Int, rows: Int, weights: [Double], seed: UInt64) {
      var generator = SplitMix64(seed: seed)
      self.width = width
      values = (0..<(rows * width)).map { _ in Float.random(in: -2...2, using: &generator) }
      let bounds = (0...weights.count).map { $0 * rows / weights.count }
      runs = weights.enumerated().map { WeightedRows(rows: bounds[$0]..<bounds[$0 + 1], weight: $1) }
    }

    func add(to moments: SecondMoments, threads: Int = 2) {
      values.withUnsafeBufferPointer { moments.add($0, runs: runs, team: WorkerTeam(threads: threads)) }
    }

    /// Sum over rows of w x_i x_j, and of w |x_i x_j|, which bounds the rounding.
    func product(_ i: Int, _ j: Int) -> (sum: Double, magnitude: Double) {
      var (sum, magnitude) = (0.0, 0.0)
      for run in runs {
        for row in run.rows {
          let term = run.weight * Double(values[row * width + i]) * Double(values[row * width + j])
          sum += term
          magnitude += abs(term)
        }
      }
      return (sum, magnitude)
    }
  }

  private func products(_ moments: SecondMoments) -> [[Float]] {
    (0..<moments.width).map { row in
      var values = [Float](repeating: 0, count: moments.width - row)
      values.withUnsafeMutableBufferPointer { moments.copyProducts(ofRow: row, into: $0) }
      return values
    }
  }

  /// One tile and several, with rests; one block of rows and several.
  @Test(
    arguments: [1, 2, 31, 256, 257, 530], [(1, [1.0]), (40, [1, 0.0625, 1]), (1_100, [0.5]), (1_030, [1.0, 0.3, 2])])
  func sumsAreThoseOfFloat64(width: Int, shape: (rows: Int, weights: [Double])) {
    let sample = Sample(width: width, rows: shape.rows, weights: shape.weights, seed: 5)
    let moments = SecondMoments(width: width, hasProducts: true)
    sample.add(to: moments)
    let weight = sample.runs.reduce(0) { $0 + $1.weight * Double($1.rows.count) }
    #expect(abs(moments.weight - weight) <= 1e-12 * weight)
    let found = products(moments)
    var generator = SplitMix64(seed: 9)
    for _ in 0..<200 {
      let i = Int.random(in: 0..<width, using: &generator)
      let j = Int.random(in: i..<width, using: &generator)
      let (sum, magnitude) = sample.product(i, j)
      // Products and weights are rounded once each, sums of a block in some order.
      let bound = Double(2 + shape.rows) * 0x1p-24 * magnitude
      #expect(abs(Double(found[i][j - i]) - sum) <= bound, "\(i), \(j)")
      let squares = sample.product(i, i).sum
      #expect(abs(moments.squareSums[i] - squares) <= 1e-12 * squares)
      let magnitudes = sample.runs.reduce(0.0) { total, run in
        total + run.rows.reduce(0.0) { $0 + run.weight * Double(abs(sample.values[$1 * width + i])) }
      }
      #expect(abs(moments.magnitudeSums[i] - magnitudes) <= 1e-12 * magnitudes)
    }
  }

  @Test(arguments: [[1.0], [1.0, 0.0625, 1]]) func threadsChangeNoBit(weights: [Double]) {
    let sample = Sample(width: 700, rows: 600, weights: weights, seed: 2)
    let all = [1, 2, 5].map { threads in
      let moments = SecondMoments(width: 700, hasProducts: true)
      sample.add(to: moments, threads: threads)
      return moments
    }
    for other in all[1...] {
      #expect(products(other) == products(all[0]))
      #expect(other.squareSums == all[0].squareSums && other.magnitudeSums == all[0].magnitudeSums)
    }
  }

  @Test func whatWasWrittenDownIsGoneOnWith() {
    let samples = (0..<4).map { Sample(width: 300, rows: 50 + $0, weights: [1, 0.1], seed: UInt64($0)) }
    let whole = SecondMoments(width: 300, hasProducts: true)
    for sample in samples { sample.add(to: whole) }
    let first = SecondMoments(width: 300, hasProducts: true)
    for sample in samples[..<2] { sample.add(to: first) }
    let second = SecondMoments(
      weight: first.weight, squareSums: first.squareSums, magnitudeSums: first.magnitudeSums, hasProducts: true)
    for (row, values) in products(first).enumerated() {
      values.withUnsafeBufferPointer { second.restoreProducts(ofRow: row, from: $0) }
    }
    for sample in samples[2...] { sample.add(to: second) }
    #expect(products(second) == products(whole))
    #expect(second.squareSums == whole.squareSums && second.magnitudeSums == whole.magnitudeSums)
    #expect(second.weight == whole.weight)
  }

  @Test func rowsThatAreInNoRunDoNotCount() {
    var sample = Sample(width: 3, rows: 6, weights: [1], seed: 1)
    sample.runs = [WeightedRows(rows: 1..<2, weight: 2), WeightedRows(rows: 4..<4, weight: 1)]
    let moments = SecondMoments(width: 3, hasProducts: true)
    sample.add(to: moments)
    #expect(moments.weight == 2)
    for column in 0..<3 {
      let value = Double(sample.values[3 + column])
      #expect(moments.squareSums[column] == 2 * value * value && moments.magnitudeSums[column] == 2 * abs(value))
    }
    #expect(products(moments)[0][0] == 2 * sample.values[3] * sample.values[3])
  }

  @Test func withoutProductsThereAreNone() {
    #expect(!SecondMoments(width: 4, hasProducts: false).hasProducts)
    #expect(SecondMoments.productCount(width: 4) == 10)
  }
}
