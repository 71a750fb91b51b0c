import Foundation
import FusionCore
import NumericKernels
import Quantizers
import TestSupport
import Testing

@Suite struct ColumnBalanceTests {
  private let sets: [KernelSet]

  init() throws { sets = try Encodings.kernelSets() }

  /// The scales that all kernels agree on.
  private func scales(_ rows: [Float], columns: Int, quarters: Int) -> [Float] {
    let found = sets.map { kernels in
      rows.withUnsafeBufferPointer { ColumnBalance(rows: $0, columns: columns, kernels: kernels) }
        .scales(quarters: quarters)
    }
    #expect(found.allSatisfy { $0 == found[0] })
    return found[0]
  }

  /// Sizes of rows and columns, far from each other.
  private func sizes(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in exp2(.random(in: -3...3, using: &generator)) }
  }

  private func geometricMean(_ values: [Double]) -> Double {
    exp2(values.reduce(0) { $0 + log2($1) } / Double(values.count))
  }

  /// Half of the last place of bfloat16, twice: of the scale itself, and of those that make up the mean.
  private func areClose(_ found: [Float], _ expected: [Double], within bound: Double = 0x1p-7) -> Bool {
    zip(found, expected).allSatisfy { abs(Double($0) / $1 - 1) <= bound }
  }

  /// Magnitudes that are a product of a row's and a column's size.
  @Test(arguments: 0...4) func productsAreTakenApart(quarters: Int) {
    let (rowSizes, columnSizes) = (sizes(29, seed: 1), sizes(83, seed: 2))
    let rows = rowSizes.enumerated().flatMap { row, a in
      columnSizes.enumerated().map { Float((row * 7 + $0 * 3) % 5 < 2 ? -a * $1 : a * $1) }
    }
    let mean = geometricMean(columnSizes)
    let expected = columnSizes.map { pow($0 / mean, Double(quarters) / 4) }
    let found = scales(rows, columns: 83, quarters: quarters)
    #expect(areClose(found, expected))
    #expect(abs(geometricMean(found.map(Double.init)) - 1) < 0x1p-8)
    #expect(found.allSatisfy { DType.bf16.nearest(to: $0) == $0 })
  }

  /// The same with noise: a column's size is known as well as its rows permit.
  @Test func sizesOfRandomWeightsAreFound() {
    let (rowSizes, columnSizes) = (sizes(600, seed: 3), sizes(64, seed: 4))
    let noise = Distribution.gaussian.values(600 * 64, as: .f32, seed: 5)
    let rows = noise.enumerated().map { Float(Double($1) * rowSizes[$0 / 64] * columnSizes[$0 % 64]) }
    let mean = geometricMean(columnSizes)
    #expect(areClose(scales(rows, columns: 64, quarters: 4), columnSizes.map { $0 / mean }, within: 0.15))
  }

  /// One round alone would take a row's size from its loudest weight.
  @Test func oneLoudColumnDoesNotHideTheOthers() {
    let noise = Distribution.gaussian.values(600 * 64, as: .f32, seed: 7)
    let rows = noise.enumerated().map { $0 % 64 == 9 ? 100 * $1 : $1 }
    let mean = exp2(log2(100.0) / 64)
    let expected = (0..<64).map { ($0 == 9 ? 100 : 1) / mean }
    #expect(areClose(scales(rows, columns: 64, quarters: 4), expected, within: 0.15))
  }

  @Test func columnsOfZerosHaveTheScaleOne() {
    let columnSizes = sizes(20, seed: 6)
    let plain = (0..<10).flatMap { row in columnSizes.map { Float($0) * Float(row + 1) } }
    let expected = scales(plain, columns: 20, quarters: 4)
    // A column of zeros after each, and a row of zeros.
    let holed = plain.flatMap { [$0, 0] } + [Float](repeating: 0, count: 40)
    let found = scales(holed, columns: 40, quarters: 4)
    #expect(stride(from: 0, to: 40, by: 2).map { found[$0] } == expected)
    #expect(stride(from: 1, to: 40, by: 2).allSatisfy { found[$0] == 1 })
    #expect(scales([Float](repeating: 0, count: 12), columns: 4, quarters: 2) == [1, 1, 1, 1])
    #expect(scales([], columns: 3, quarters: 2) == [1, 1, 1])
  }

  @Test func scalesAreBounded() {
    #expect(ColumnBalance.scales([1e-6, 1, 1e6]) == [1 / 256, 1, 256])
    #expect(ColumnBalance.scales([0, 4, 1, .infinity, .nan, -1]) == [1, 2, 0.5, 1, 1, 1])
    #expect(ColumnBalance.scales([0, 0]) == [1, 1])
    #expect(ColumnBalance.scales([]) == [])
  }

  @Test func widening() {
    #expect(ColumnBalance.widened([1, 2, 0.5], by: [1, 1.5, 3]) == [1, 3, 1.5])
    #expect(
      ColumnBalance.rounded([1, 1.001, 1e-50, 1e50]) == [1, 1, .leastNormalMagnitude, DType.bf16.nearest(to: 1e38)])
  }
}
