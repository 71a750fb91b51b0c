import NumericKernels
import TestSupport
import Testing

/// The kernel of error feedback against the same arithmetic one lane and one value at a time.
@Suite struct FeedbackTileTests {
  private struct Sample {
    var weights: [Float]
    var scales: [Float]
    var zeroPoints: [Float]
    var targets: [Float]
    var factors: [Float]
    let count: Int
    let stride: Int

    init(count: Int, stride: Int, zeroPoints hasZeroPoints: Bool, size: Float, seed: UInt64) {
      var generator = SplitMix64(seed: seed)
      func random(_ count: Int, _ range: ClosedRange<Float>) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &generator) }
      }
      self.count = count
      self.stride = stride
      weights = random(16 * count, -size...size)
      scales = random(16 * count, 0.05...0.3)
      zeroPoints =
        hasZeroPoints ? random(16 * count, 0...15).map { $0.rounded() } : [Float](repeating: 0, count: 16 * count)
      targets = random(16 * count, -0.5...0.5)
      factors = random(count * stride, -1...1)
    }

    /// Codes and errors by the text of `formats/quantization.md`.
    func expected(codes: ClosedRange<Int>, spacing: CodeSpacing, reach: Float) -> (codes: [Int8], errors: [Float]) {
      var targets = targets
      var result = [Int8](repeating: 0, count: 16 * count)
      var errors = [Float](repeating: 0, count: 16 * count)
      for k in 0..<count {
        for lane in 0..<16 {
          let index = 16 * k + lane
          let inverse = 1 / scales[index]
          if spacing == .grid {
            result[index] = chooseFromGrid(index, weights[index] + targets[index], reach: reach)
            let product = scales[index] * Float(WeightGrid.entries[Int(result[index])])
            errors[index] = weights[index] - product
            for l in (k + 1)..<max(count, k + 1) {
              let added = errors[index] * factors[k * stride + l]
              targets[16 * l + lane] += added
            }
            continue
          }
          let least = Float(codes.lowerBound) - zeroPoints[index]
          let greatest = Float(codes.upperBound) - zeroPoints[index]
          func nearest(_ x: Float) -> Float {
            min(max(x * inverse, least), greatest).rounded(.toNearestOrEven)
          }
          let own = nearest(weights[index])
          var steps = nearest(weights[index] + targets[index])
          steps = min(max(steps, own - reach), own + reach)
          steps = min(max(steps, least), greatest)
          let product = scales[index] * steps
          errors[index] = weights[index] - product
          result[index] = Int8(steps + zeroPoints[index])
          for l in (k + 1)..<max(count, k + 1) {
            let added = errors[index] * factors[k * stride + l]
            targets[16 * l + lane] += added
          }
        }
      }
      return (result, errors)
    }

    /// The entry next to a target, but no more entries away than the reach from the one next to the weight.
    private func chooseFromGrid(_ index: Int, _ target: Float, reach: Float) -> Int8 {
      let inverse = 1 / scales[index]
      let entries = WeightGrid.entries.map(Float.init)
      func nearest(_ x: Float) -> Int {
        let t = x * inverse
        return entries.indices.min { abs(t - entries[$0]) < abs(t - entries[$1]) } ?? 0
      }
      let own = nearest(weights[index])
      return Int8(min(max(nearest(target), own - Int(reach), 0), own + Int(reach), 15))
    }
  }

  @Test(
    arguments: [(1, 1), (2, 5), (17, 40), (40, 40), (64, 100)],
    [
      (-127...127, CodeSpacing.even, false, Float(8)), (-8...7, .even, false, 1), (0...15, .even, true, 0.25),
      (0...15, .even, true, 4), (0...15, .grid, false, 20), (0...15, .grid, false, 2),
    ])
  func agreesWithThePlainForm(
    shape: (Int, Int), kind: (codes: ClosedRange<Int>, spacing: CodeSpacing, zeroPoints: Bool, size: Float)
  ) throws {
    for reach in [Float(0), 1, 8] {
      let sample = Sample(
        count: shape.0, stride: shape.1, zeroPoints: kind.zeroPoints, size: kind.size, seed: UInt64(shape.0))
      let expected = sample.expected(codes: kind.codes, spacing: kind.spacing, reach: reach)
      for kernels in try Levels.all() {
        let tile = FeedbackTile(kernels: kernels, columnCount: 64)
        tile.weights.replaceSubrange(..<(16 * sample.count), with: sample.weights)
        tile.scales.replaceSubrange(..<(16 * sample.count), with: sample.scales)
        tile.zeroPoints.replaceSubrange(..<(16 * sample.count), with: sample.zeroPoints)
        tile.targets.replaceSubrange(..<(16 * sample.count), with: sample.targets)
        sample.factors.withUnsafeBufferPointer { factors in
          guard let base = factors.baseAddress else { return }
          tile.choose(
            sample.count, factors: base, stride: sample.stride, codes: kind.codes, spacing: kind.spacing,
            reach: reach)
        }
        let used = 16 * sample.count
        #expect(Array(tile.codes[..<used]) == expected.codes, "\(kernels.level), reach \(reach)")
        #expect(tile.errors[..<used].map(\.bitPattern) == expected.errors.map(\.bitPattern), "\(kernels.level)")
        #expect(tile.codes[used...].allSatisfy { $0 == 0 } && tile.errors[used...].allSatisfy { $0 == 0 })
      }
    }
  }

  /// An error of the first column moves the next one: 0.4 steps lost twice make a step.
  @Test func errorsArePassedOn() throws {
    for kernels in try Levels.all() {
      let tile = FeedbackTile(kernels: kernels, columnCount: 3)
      for lane in 0..<16 {
        (tile.weights[lane], tile.weights[16 + lane], tile.weights[32 + lane]) = (1.375, 1.375, 1)
      }
      [Float](arrayLiteral: 0, 1, 0, 0, 0, 1, 0, 0, 0).withUnsafeBufferPointer { factors in
        guard let base = factors.baseAddress else { return }
        tile.choose(3, factors: base, stride: 3, codes: -8...7, reach: 8)
      }
      #expect(
        tile.codes == [Int8](repeating: 1, count: 16) + [Int8](repeating: 2, count: 16)
          + [Int8](repeating: 0, count: 16))
      #expect(tile.errors[0] == 0.375 && tile.errors[16] == -0.625 && tile.errors[32] == 1)
    }
  }
}
