import NumericKernels
import TestSupport
import Testing

/// Sums against plain loops in float64. The order of addition differs, so each sum may be off by about its number of
/// terms times the rounding unit, relative to the sum of magnitudes; 1e-12 is generous for 4304 terms.
@Suite struct SumKernelTests {
  private func moments(_ values: [Float], _ kernels: KernelSet) -> Moments {
    var result = Moments()
    values.withUnsafeBufferPointer { kernels.accumulate($0, into: &result) }
    return result
  }

  private func difference(_ a: [Float], _ b: [Float], _ kernels: KernelSet) -> DifferenceSums {
    var result = DifferenceSums()
    a.withUnsafeBufferPointer { x in
      b.withUnsafeBufferPointer { kernels.accumulate(reference: x, other: $0, into: &result) }
    }
    return result
  }

  /// All that a value of this type says, as bits.
  private func bits(_ m: Moments) -> [UInt64] {
    [UInt64(m.count), UInt64(m.nonfiniteCount), UInt64(m.minimum.bitPattern), UInt64(m.maximum.bitPattern)]
      + [m.squareSum.bitPattern, m.mean.bitPattern, m.standardDeviation.bitPattern]
  }

  private func bits(_ d: DifferenceSums) -> [UInt64] {
    [d.signalEnergy.bitPattern, d.errorEnergy.bitPattern, UInt64(d.maximumError.bitPattern)]
  }

  @Test(arguments: Levels.lengths)
  func momentsOfFiniteValues(length: Int) throws {
    var generator = SplitMix64(seed: 11 + UInt64(length))
    let values = mixedValues(length, using: &generator)
    let squares = values.reduce(0) { $0 + Double($1) * Double($1) }
    let magnitudes = values.reduce(0) { $0 + abs(Double($1)) }
    let mean = length == 0 ? 0 : values.reduce(0) { $0 + Double($1) } / Double(length)
    let variance =
      length == 0 ? 0 : values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(length)
    let results = try Levels.all().map { moments(values, $0) }
    for result in results {
      #expect(result.count == length)
      #expect(result.nonfiniteCount == 0)
      #expect(result.minimum == values.min() ?? 0)
      #expect(result.maximum == values.max() ?? 0)
      #expect(abs(result.squareSum - squares) <= 1e-12 * squares)
      #expect(abs(result.mean - mean) * Double(length) <= 1e-12 * magnitudes)
      #expect(abs(result.standardDeviation - variance.squareRoot()) <= 1e-6 * squares.squareRoot())
      #expect(bits(result) == bits(results[0]))
    }
  }

  /// The zeros that fill up a last vector must not become the least or greatest value.
  @Test(arguments: [1, 15, 17, 33])
  func tailsAreNotCountedAsZeros(length: Int) throws {
    for kernels in try Levels.all() {
      let above = moments([Float](repeating: 3, count: length), kernels)
      #expect(above.minimum == 3 && above.maximum == 3 && above.mean == 3)
      let below = moments([Float](repeating: -3, count: length), kernels)
      #expect(below.minimum == -3 && below.maximum == -3 && below.standardDeviation == 0)
    }
  }

  @Test(arguments: Levels.lengths.dropFirst())
  func nonfiniteValuesAreCountedAndLeftOut(length: Int) throws {
    for (index, odd) in [Float.nan, .infinity, -.infinity, .signalingNaN].enumerated() {
      for position in Set([0, length / 2, length - 1]) {
        var values = [Float](repeating: 2, count: length)
        values[position] = odd
        let results = try Levels.all().map { moments(values, $0) }
        for result in results {
          #expect(result.nonfiniteCount == 1, "case \(index) at \(position)")
          #expect(result.count == length)
          #expect(result.squareSum == 4 * Double(length - 1))
          #expect(result.minimum == (length == 1 ? 0 : 2))
          #expect(result.maximum == (length == 1 ? 0 : 2))
          #expect(result.mean == (length == 1 ? 0 : 2))
          #expect(bits(result) == bits(results[0]))
        }
      }
    }
  }

  @Test func mergingIsLikeOneRunOfWholeVectors() throws {
    var generator = SplitMix64(seed: 12)
    let values = mixedValues(320, using: &generator)
    let others = mixedValues(320, using: &generator)
    for kernels in try Levels.all() {
      var (first, last) = (moments(Array(values[..<160]), kernels), moments(Array(values[160...]), kernels))
      first.merge(last)
      #expect(first.count == 320)
      #expect(first.minimum == values.min() && first.maximum == values.max())
      let whole = moments(values, kernels).squareSum
      #expect(abs(first.squareSum - whole) <= 1e-14 * whole)
      last.merge(Moments())
      #expect(bits(last) == bits(moments(Array(values[160...]), kernels)), "nothing changes nothing")
      var pairs = difference(Array(values[..<160]), Array(others[..<160]), kernels)
      pairs.merge(difference(Array(values[160...]), Array(others[160...]), kernels))
      let wholePairs = difference(values, others, kernels)
      #expect(abs(pairs.errorEnergy - wholePairs.errorEnergy) <= 1e-14 * wholePairs.errorEnergy)
      #expect(pairs.maximumError == wholePairs.maximumError)
    }
  }

  /// Runs whose lengths are whole vectors add up in one order however they are cut.
  @Test func runsOfWholeVectorsGiveTheSameBits() throws {
    var generator = SplitMix64(seed: 13)
    let values = mixedValues(512, using: &generator)
    for kernels in try Levels.all() {
      var pieces = Moments()
      values.withUnsafeBufferPointer { all in
        for cut in [0..<16, 16..<128, 128..<512] {
          kernels.accumulate(UnsafeBufferPointer(rebasing: all[cut]), into: &pieces)
        }
      }
      #expect(bits(pieces) == bits(moments(values, kernels)))
    }
  }

  @Test(arguments: Levels.lengths)
  func differences(length: Int) throws {
    var generator = SplitMix64(seed: 14 + UInt64(length))
    let reference = mixedValues(length, using: &generator)
    let other = reference.map { $0 + Float.random(in: -0.1...0.1, using: &generator) }
    var (signal, error, greatest): (Double, Double, Float) = (0, 0, 0)
    for (a, b) in zip(reference, other) {
      signal += Double(a) * Double(a)
      error += (Double(a) - Double(b)) * (Double(a) - Double(b))
      greatest = max(greatest, abs(a - b))
    }
    let results = try Levels.all().map { difference(reference, other, $0) }
    for result in results {
      #expect(abs(result.signalEnergy - signal) <= 1e-12 * signal)
      #expect(abs(result.errorEnergy - error) <= 1e-12 * error)
      #expect(result.maximumError == greatest)
      #expect(bits(result) == bits(results[0]))
    }
  }
}
