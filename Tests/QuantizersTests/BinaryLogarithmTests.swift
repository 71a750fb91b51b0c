import Foundation
import Quantizers
import TestSupport
import Testing

@Suite struct BinaryLogarithmTests {
  @Test func powersOfTwoAreExact() {
    for exponent in -1022...1023 {
      #expect(BinaryLogarithm.of(Double(sign: .plus, exponent: exponent, significand: 1)) == Double(exponent))
    }
  }

  /// Beyond 64 a float64 itself is no finer than the bound.
  private func check(_ x: Double) {
    let expected = log2(x)
    #expect(abs(BinaryLogarithm.of(x) - expected) <= max(1e-14, expected.magnitude.ulp), "\(x)")
  }

  @Test func agreesWithTheLibrary() {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<20_000 { check(Double.random(in: 1e-9...4, using: &generator)) }
    for _ in 0..<20_000 {
      let exponent = Int.random(in: -1022...1023, using: &generator)
      check(Double(sign: .plus, exponent: exponent, significand: .random(in: 1..<2, using: &generator)))
    }
    for x in [Double.leastNormalMagnitude, .greatestFiniteMagnitude, 1.0.nextUp, 1.0.nextDown, 2.0.nextDown] {
      check(x)
    }
  }
}
