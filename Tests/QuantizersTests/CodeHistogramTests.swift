import Foundation
import Quantizers
import TestSupport
import Testing

@Suite struct CodeHistogramTests {
  private func entropy(_ codes: [Int8]) -> Double {
    var histogram = CodeHistogram()
    codes.withUnsafeBufferPointer { histogram.add($0) }
    return histogram.entropy
  }

  @Test func knownDistributions() {
    #expect(entropy([]) == 0)
    #expect(entropy([5]) == 0)
    #expect(entropy([Int8](repeating: -127, count: 1000)) == 0)
    #expect(entropy([0, 1]) == 1)
    #expect(entropy([-128, -128, 127, 0]) == 1.5)
    #expect(entropy([0, 0, 0, 0, 1, 1, 2, 3]) == 1.75)
    #expect(entropy(Array(Int8.min...Int8.max)) == 8)
  }

  @Test func sharesThatAreNoPowersOfTwo() {
    let counts = [1, 2, 3, 5, 7, 11, 700]
    let total = Double(counts.reduce(0, +))
    let expected = -counts.reduce(0.0) { $0 + Double($1) / total * log2(Double($1) / total) }
    let codes = counts.enumerated().flatMap { [Int8](repeating: Int8($0 - 3), count: $1) }
    #expect(abs(entropy(codes) - expected) < 1e-13)
  }

  @Test func countsAreByCode() {
    var histogram = CodeHistogram()
    [-128, -1, 0, 0, 127].withUnsafeBufferPointer { histogram.add($0) }
    [0].withUnsafeBufferPointer { histogram.add($0) }
    #expect(histogram.counts[0] == 1 && histogram.counts[127] == 1 && histogram.counts[128] == 3)
    #expect(histogram.counts[255] == 1 && histogram.counts.reduce(0, +) == 6)
  }
}
