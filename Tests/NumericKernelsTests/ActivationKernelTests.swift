import Foundation
import NumericKernels
import TestSupport
import Testing

/// Activations against the C library's functions in float64, at points all over their range.
@Suite struct ActivationKernelTests {
  /// Evenly spread over a range, with its ends.
  private func points(_ range: ClosedRange<Float>, count: Int = 200_001) -> [Float] {
    (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * (Float($0) / Float(count - 1)) }
  }

  /// The point where an error function is greatest.
  private func worst(_ x: [Float], _ y: [Float], _ error: (Float, Float) -> Double) -> (x: Float, error: Double) {
    var result: (x: Float, error: Double) = (0, 0)
    for (input, output) in zip(x, y) {
      let found = error(input, output)
      if !(found <= result.error) { result = (input, found) }
    }
    return result
  }

  @Test(arguments: [-104...89, -1...1, -0.35...0.35, -104...(-86), -1e-6...1e-6] as [ClosedRange<Float>])
  func exponential(range: ClosedRange<Float>) throws {
    let x = points(range)
    for kernels in try Levels.all() {
      let y = changed(x) { kernels.exponential($0) }
      let found = worst(x, y) { ulps($1, from: exp(Double($0))) }
      #expect(found.error <= 1.5, "e^\(found.x) on \(kernels.level)")
    }
  }

  @Test func exponentialAtTheEnds() throws {
    let x: [Float] = [-.infinity, -1000, -104, 0, -0.0, 88.72283, 88.72284, 1000, .infinity]
    for kernels in try Levels.all() {
      let y = changed(x) { kernels.exponential($0) }
      #expect(Array(y[0..<5]) == [0, 0, 0, 1, 1])
      #expect(y[5].isFinite && y[6...].allSatisfy { $0 == .infinity })
      #expect(changed([.nan, 1]) { kernels.exponential($0) }[0].isNaN)
    }
  }

  @Test(arguments: [-100...100, -8...8, -1e-3...1e-3] as [ClosedRange<Float>])
  func geluErf(range: ClosedRange<Float>) throws {
    let x = points(range)
    for kernels in try Levels.all() {
      let y = changed(x) { kernels.geluErf($0) }
      let found = worst(x, y) { input, output in
        let exact = Double(input) * erfc(-Double(input) / 2.squareRoot()) / 2
        return min(ulps(output, from: exact) / 4, abs(Double(output) - exact) / (1e-7 * Double(abs(input))))
      }
      #expect(found.error <= 1, "\(found.x) on \(kernels.level)")
    }
  }

  @Test(arguments: [-100...100, -8...8, -1e-3...1e-3] as [ClosedRange<Float>])
  func geluTanh(range: ClosedRange<Float>) throws {
    let x = points(range)
    for kernels in try Levels.all() {
      let y = changed(x) { kernels.geluTanh($0) }
      let found = worst(x, y) { input, output in
        let value = Double(input)
        let inner = (2 / Double.pi).squareRoot() * (value + 0.044715 * value * value * value)
        let exact = value / (1 + exp(-2 * inner))
        return min(ulps(output, from: exact) / 4, abs(Double(output) - exact) / (1e-7 * abs(value)))
      }
      #expect(found.error <= 1, "\(found.x) on \(kernels.level)")
    }
  }

  @Test func geluOfZeroAndNaN() throws {
    for kernels in try Levels.all() {
      #expect(changed([0, -0.0]) { kernels.geluErf($0) } == [0, 0])
      #expect(changed([0, -0.0]) { kernels.geluTanh($0) } == [0, 0])
      #expect(changed([.nan]) { kernels.geluErf($0) }[0].isNaN)
      #expect(changed([.nan]) { kernels.geluTanh($0) }[0].isNaN)
    }
  }

  @Test(arguments: Levels.lengths)
  func siluMultiply(length: Int) throws {
    var generator = SplitMix64(seed: 40 + UInt64(length))
    let gate = (0..<length).map { _ in Float.random(in: -30...30, using: &generator) }
    let up = mixedValues(length, using: &generator)
    var first: [UInt32]?
    for kernels in try Levels.all() {
      var target = [Float](repeating: .nan, count: length)
      gate.withUnsafeBufferPointer { g in
        up.withUnsafeBufferPointer { u in
          target.withUnsafeMutableBufferPointer { kernels.siluMultiply(gate: g, up: u, into: $0) }
        }
      }
      for index in gate.indices {
        let exact = Double(gate[index]) / (1 + exp(-Double(gate[index]))) * Double(up[index])
        #expect(ulps(target[index], from: exact) <= 4, "\(gate[index]) on \(kernels.level)")
      }
      let bits = target.map(\.bitPattern)
      #expect(bits == first ?? bits)
      first = bits
    }
  }

  @Test func siluFarOut() throws {
    for kernels in try Levels.all() {
      var target: [Float] = [.nan, .nan, .nan]
      let gate: [Float] = [-1000, 1000, 0]
      let up: [Float] = [3, 3, 3]
      gate.withUnsafeBufferPointer { g in
        up.withUnsafeBufferPointer { u in
          target.withUnsafeMutableBufferPointer { kernels.siluMultiply(gate: g, up: u, into: $0) }
        }
      }
      #expect(target == [0, 3000, 0])
    }
  }

  /// Every level gives the same bits, tails included.
  @Test(arguments: Levels.lengths)
  func levelsAgree(length: Int) throws {
    var generator = SplitMix64(seed: 41 + UInt64(length))
    let values = mixedValues(length, using: &generator)
    let results = try Levels.all().map { kernels in
      [
        changed(values) { kernels.exponential($0) }, changed(values) { kernels.geluErf($0) },
        changed(values) { kernels.geluTanh($0) },
      ].map { $0.map(\.bitPattern) }
    }
    for result in results { #expect(result == results[0]) }
  }
}
