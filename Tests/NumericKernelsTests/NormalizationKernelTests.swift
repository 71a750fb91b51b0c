import Foundation
import NumericKernels
import TestSupport
import Testing

@Suite struct NormalizationKernelTests {
  private func rmsNorm(_ x: [Float], _ weight: [Float], _ epsilon: Float, _ kernels: KernelSet) -> [Float] {
    var target = [Float](repeating: .nan, count: x.count)
    x.withUnsafeBufferPointer { source in
      weight.withUnsafeBufferPointer { factors in
        target.withUnsafeMutableBufferPointer { kernels.rmsNorm(source, weight: factors, epsilon: epsilon, into: $0) }
      }
    }
    return target
  }

  private func layerNorm(
    _ x: [Float], _ weight: [Float], _ bias: [Float], _ epsilon: Float, _ kernels: KernelSet
  ) -> [Float] {
    var target = [Float](repeating: .nan, count: x.count)
    x.withUnsafeBufferPointer { source in
      weight.withUnsafeBufferPointer { factors in
        bias.withUnsafeBufferPointer { offsets in
          target.withUnsafeMutableBufferPointer {
            kernels.layerNorm(source, weight: factors, bias: offsets, epsilon: epsilon, into: $0)
          }
        }
      }
    }
    return target
  }

  @Test(arguments: Levels.lengths, [1e-5, 1] as [Float])
  func rootMeanSquare(length: Int, epsilon: Float) throws {
    var generator = SplitMix64(seed: 50 + UInt64(length))
    let x = mixedValues(length, using: &generator)
    let weight = mixedValues(length, using: &generator)
    let mean = x.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(length, 1))
    var first: [UInt32]?
    for kernels in try Levels.all() {
      let found = rmsNorm(x, weight, epsilon, kernels)
      for index in x.indices {
        let exact = Double(x[index]) / (mean + Double(epsilon)).squareRoot() * Double(weight[index])
        #expect(ulps(found[index], from: exact) <= 2.5)
      }
      let bits = found.map(\.bitPattern)
      #expect(bits == first ?? bits)
      first = bits
    }
  }

  @Test func largeValuesDoNotOverflowTheSum() throws {
    let x: [Float] = [3e30, -4e30]
    for kernels in try Levels.all() {
      let found = rmsNorm(x, [1, 1], 1e-5, kernels)
      #expect(abs(found[0] - 0.848_528_1) < 1e-6 && abs(found[1] + 1.131_370_8) < 1e-6)
    }
  }

  /// With a mean far from zero, where one pass would lose the variance.
  @Test(arguments: Levels.lengths, [0, 1000] as [Float])
  func layer(length: Int, offset: Float) throws {
    var generator = SplitMix64(seed: 51 + UInt64(length))
    let x = (0..<length).map { _ in offset + Float.random(in: -1...1, using: &generator) }
    let weight = (0..<length).map { _ in Float.random(in: -2...2, using: &generator) }
    let bias = (0..<length).map { _ in Float.random(in: -1...1, using: &generator) }
    let mean = x.reduce(0) { $0 + Double($1) } / Double(max(length, 1))
    let variance = x.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(max(length, 1))
    var first: [UInt32]?
    for kernels in try Levels.all() {
      let found = layerNorm(x, weight, bias, 1e-6, kernels)
      for index in x.indices {
        let scaled = (Double(x[index]) - mean) / (variance + 1e-6).squareRoot() * Double(weight[index])
        let exact = scaled + Double(bias[index])
        #expect(abs(Double(found[index]) - exact) <= 2e-7 * (abs(scaled) + abs(exact)) + 1e-12)
      }
      let bits = found.map(\.bitPattern)
      #expect(bits == first ?? bits)
      first = bits
    }
  }

  @Test(arguments: Levels.lengths, [1, 30] as [Float])
  func softmax(length: Int, spread: Float) throws {
    var generator = SplitMix64(seed: 52 + UInt64(length))
    var row = (0..<length).map { _ in Float.random(in: -spread...spread, using: &generator) }
    for index in stride(from: 3, to: length, by: 5) { row[index] = -.infinity }
    let peak = row.max() ?? 0
    let sum = row.reduce(0) { $0 + exp(Double($1) - Double(peak)) }
    var first: [UInt32]?
    for kernels in try Levels.all() {
      let found = changed(row) { kernels.softmax($0) }
      for index in row.indices {
        let exact = exp(Double(row[index]) - Double(peak)) / sum
        // Subtracting the peak rounds, and an error in an exponent is a relative one of the power.
        #expect(abs(Double(found[index]) - exact) <= exact * (2e-7 + 6e-8 * Double(2 * spread)))
      }
      #expect(length == 0 || abs(found.reduce(0) { $0 + Double($1) } - 1) < 1e-5)
      let bits = found.map(\.bitPattern)
      #expect(bits == first ?? bits)
      first = bits
    }
  }

  @Test func softmaxOfOddRows() throws {
    for kernels in try Levels.all() {
      #expect(changed([-.infinity, -.infinity]) { kernels.softmax($0) } == [0, 0])
      #expect(changed([-.infinity, 5]) { kernels.softmax($0) } == [0, 1])
      #expect(changed([1000, 1000, -1000]) { kernels.softmax($0) } == [0.5, 0.5, 0])
      #expect(changed([1, .nan, -.infinity]) { kernels.softmax($0) }.filter(\.isNaN).count == 3)
      #expect(changed([-.infinity, .nan]) { kernels.softmax($0) }.filter(\.isNaN).count == 2)
    }
  }
}
