import NumericKernels
import TestSupport
import Testing

@Suite struct InverseOrderFactorTests {
  /// A symmetric positive definite matrix: a sum of a few products, and something on the diagonal.
  private struct Sample: Sendable {
    let count: Int
    let rows: [[Double]]
    let damping: Double

    init(count: Int, rank: Int, damping: Double, seed: UInt64) {
      var generator = SplitMix64(seed: seed)
      self.count = count
      self.damping = damping
      rows = (0..<rank).map { _ in (0..<count).map { _ in Double.random(in: -1...1, using: &generator) } }
    }

    func element(_ i: Int, _ k: Int) -> Double {
      rows.reduce(i == k ? damping : 0) { $0 + $1[i] * $1[k] }
    }
  }

  private func factor(_ sample: Sample, threads: Int = 2) -> InverseOrderFactor? {
    InverseOrderFactor(count: sample.count, team: WorkerTeam(threads: threads)) { sample.element($0, $1) }
  }

  private func ratios(_ factor: InverseOrderFactor) -> [Float] {
    factor.withRatios { Array(UnsafeBufferPointer(start: $0, count: factor.count * factor.count)) }
  }

  /// Below, at and above the borders of the tiles of 192, and several of them.
  @Test(arguments: [1, 2, 7, 191, 192, 193, 385, 600])
  func theProductIsTheMatrix(count: Int) throws {
    let sample = Sample(count: count, rank: 5, damping: 0.7, seed: UInt64(count))
    let found = try #require(factor(sample))
    #expect(found.count == count && found.diagonal.allSatisfy { $0 > 0 })
    let values = ratios(found)
    for i in 0..<count {
      for k in 0...i { #expect(values[i * count + k] == 0) }
    }
    var generator = SplitMix64(seed: 1)
    for index in 0..<min(400, 2 * count * count) {
      // The diagonal, and elements anywhere.
      let i = Int.random(in: 0..<count, using: &generator)
      let k = index % 4 == 0 ? i : Int.random(in: 0..<count, using: &generator)
      var sum = 0.0
      for column in max(i, k)..<count {
        let size = Double(found.diagonal[column])
        let left = i == column ? 1 : Double(values[i * count + column])
        let right = k == column ? 1 : Double(values[k * count + column])
        sum += left * right * size * size
      }
      // Factors are rounded to float32 at the end.
      let bound = 4e-7 * (sample.element(i, i) * sample.element(k, k)).squareRoot()
      #expect(abs(sum - sample.element(i, k)) <= bound, "\(i), \(k)")
    }
  }

  @Test(arguments: [40, 193, 500]) func threadsChangeNoBit(count: Int) throws {
    let sample = Sample(count: count, rank: 9, damping: 0.1, seed: 3)
    let all = try [1, 2, 5].map { try #require(factor(sample, threads: $0)) }
    for other in all[1...] {
      #expect(other.diagonal == all[0].diagonal)
      #expect(ratios(other) == ratios(all[0]))
    }
  }

  /// In the first tile, in a later one, and by a little.
  @Test(arguments: [(1, 0), (2, 1), (300, 5), (300, 250), (300, 299)])
  func whatIsNotPositiveDefiniteHasNoFactor(count: Int, place: Int) {
    let team = WorkerTeam(threads: 2)
    for wrong in [0.0, -1, -1e-9] {
      let found = InverseOrderFactor(count: count, team: team) { i, k in i == k ? (i == place ? wrong : 2) : 0 }
      #expect(found == nil)
    }
    #expect(InverseOrderFactor(count: count, team: team) { i, k in i == k ? (i == place ? 1e-9 : 2) : 0 } != nil)
  }

  /// Two columns by hand: R[1, 1]^2 = H[1, 1], R[0, 1] = H[0, 1] / R[1, 1], R[0, 0]^2 is the rest.
  @Test func twoColumns() throws {
    let found = try #require(
      InverseOrderFactor(count: 2, team: WorkerTeam(threads: 1)) { i, k in i == k ? (i == 0 ? 10 : 4) : 6 })
    #expect(found.diagonal == [1, 2])
    #expect(ratios(found) == [0, 1.5, 0, 0])
  }
}
