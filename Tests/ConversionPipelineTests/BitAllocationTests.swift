import ConversionPipeline
import Testing

@Suite struct BitAllocationTests {
  private func divergence(_ parts: [BitAllocation.Part], _ bits: [Double]) -> Double {
    zip(parts, bits).reduce(0) { sum, pair in
      var divergence = pair.0.divergence
      // A factor of four a bit, without the library's power function that the allocation does not use either.
      var steps = Int(((pair.1 - pair.0.measuredBits) * 64).rounded())
      let root = 1.0218971486541166  // 4^(1/64)
      while steps > 0 { divergence /= root; steps -= 1 }
      while steps < 0 { divergence *= root; steps += 1 }
      return sum + divergence
    }
  }

  private let parts = [
    BitAllocation.Part(weightCount: 1000, measuredBits: 4, divergence: 0.01),
    BitAllocation.Part(weightCount: 4000, measuredBits: 4, divergence: 0.01),
    BitAllocation.Part(weightCount: 2000, measuredBits: 4, divergence: 0.08),
    BitAllocation.Part(weightCount: 500, measuredBits: 4, divergence: 0),
  ]

  @Test func spendsTheBitsAndEvensTheHarm() {
    let bits = BitAllocation(parts: parts, range: 1.5...8).bits(total: 4.25 * 7500)
    let total = zip(bits, parts).reduce(0) { $0 + $1.0 * Double($1.1.weightCount) }
    #expect(abs(total / 7500 - 4.25) < 1e-6)
    // Four times the weights with the same harm: one bit less. Sixteen times the harm a weight: two bits more.
    #expect(abs(bits[0] - bits[1] - 1) < 1e-9)
    #expect(abs(bits[2] - bits[1] - 2) < 1e-9)
    #expect(abs(bits[3] - 3) < 1e-6, "1.25 below the mean")
  }

  @Test func noNeighbourDoesLessHarm() {
    let allocation = BitAllocation(parts: parts, range: 1.5...8)
    let bits = allocation.bits(total: 4 * 7500)
    let least = divergence(parts, bits)
    #expect(least < divergence(parts, [4, 4, 4, 4]))
    for (from, to) in [(0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0)] {
      var moved = bits
      moved[from] -= 200 / Double(parts[from].weightCount)
      moved[to] += 200 / Double(parts[to].weightCount)
      #expect(divergence(parts, moved) > least * 0.999, "\(from) to \(to)")
    }
  }

  @Test func keepsToTheRange() {
    let allocation = BitAllocation(parts: parts, range: 3...5)
    for total in [3.0, 3.3, 4.1, 4.9, 5] {
      let bits = allocation.bits(total: total * 7500)
      #expect(bits.allSatisfy { (2.999999...5.000001).contains($0) })
      #expect(abs(zip(bits, parts).reduce(0) { $0 + $1.0 * Double($1.1.weightCount) } / 7500 - total) < 1e-6)
    }
  }

  @Test func partsMeasuredAtOtherBitsCompare() {
    let coarse = BitAllocation.Part(weightCount: 1000, measuredBits: 3, divergence: 0.04)
    let bits = BitAllocation(parts: [parts[0], coarse], range: 1.5...8).bits(total: 9000)
    #expect(abs(bits[0] - bits[1]) < 1e-9)
  }

  @Test func withoutMeasurementAllGetTheSame() {
    let unknown = parts.map { BitAllocation.Part(weightCount: $0.weightCount, measuredBits: 4, divergence: .nan) }
    let bits = BitAllocation(parts: unknown, range: 1.5...8).bits(total: 3.7 * 7500)
    #expect(bits.allSatisfy { abs($0 - 3.7) < 1e-6 })
  }
}
