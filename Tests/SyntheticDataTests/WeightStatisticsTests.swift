import FusionCore
import Glibc
import SyntheticData
import Testing

/// The spread of the numbers, against the formulas that the documentation states.
@Suite struct WeightStatisticsTests {
  @Test func aRowFollowsTheStatedDistribution() throws {
    let row = try WeightSample("t", [1, 1_000_000], .matrix(outlierColumns: false)).values
    let deviation = WeightSample.deviation(row)
    #expect(abs(WeightSample.mean(row)) < 0.004 * deviation)
    #expect(abs(WeightSample.kurtosis(row) - 3.82) < 0.1)
    // The part within the image of z standard deviations is that of the normal distribution within z.
    let unit = pow(1 - 0.1, -0.75)
    for z in [0.25, 0.5, 1.0, 1.5, 2.0, 3.0] {
      let limit = Float(deviation * z * exp(0.05 * z * z / 2) / unit)
      let inside = Double(row.count { abs($0) < limit }) / Double(row.count)
      #expect(abs(inside - erf(z / 2.squareRoot())) < 0.002, "within \(z)")
    }
    let largest = row.map { abs($0) }.max() ?? 0
    #expect(abs(Double(largest) / deviation - 6.4) < 0.1)
  }

  @Test func rowsDifferInScaleAndTheWholeHasHeavierTails() throws {
    let sample = try WeightSample("t", [1024, 1024], .matrix(outlierColumns: false))
    let logarithms = (0..<1024).map { log(WeightSample.deviation(sample.row($0)) * 32) }
    let mean = logarithms.reduce(0, +) / 1024
    let spread = (logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1024).squareRoot()
    #expect(abs(mean) < 0.03)
    // A row's own 1024 numbers add about 0.03 to the 0.25, in the square.
    #expect(abs(spread - 0.252) < 0.02)
    #expect(abs(WeightSample.kurtosis(sample.values) - 4.9) < 0.25)
    #expect(abs(WeightSample.mean(sample.values)) < 0.003 / 32)
  }

  @Test func outlierColumnsAreTheOnesThatTheSeedNames() throws {
    let weights = SyntheticWeights(seed: 5)
    let expected = weights.outlierColumns(columnCount: 1500)
    #expect(expected.count == 3)
    for name in ["q", "gate"] {
      let sample = try WeightSample(name, [512, 1500], .matrix(outlierColumns: true), seed: 5)
      let plain = try WeightSample(name, [512, 1500], .matrix(outlierColumns: false), seed: 5)
      let deviations = (0..<1500).map { WeightSample.deviation(sample.column($0)) }
      let median = deviations.sorted()[750]
      #expect(deviations.indices.filter { deviations[$0] > 2.5 * median } == expected.map(\.index))
      for outlier in expected {
        let product = plain.column(outlier.index).map { $0 * outlier.factor }
        #expect(sample.column(outlier.index) == product)
      }
      let others = (0..<1500).filter { index in !expected.contains { $0.index == index } }
      #expect(others.allSatisfy { sample.column($0) == plain.column($0) })
    }
  }

  @Test(arguments: [(0, 0), (63, 0), (64, 1), (500, 1), (1152, 2), (3072, 6), (4096, 8), (14_336, 29)])
  func outlierColumnsAreAFifthOfAPercent(columnCount: Int, outlierCount: Int) {
    let outliers = SyntheticWeights(seed: 9).outlierColumns(columnCount: columnCount)
    #expect(outliers.count == outlierCount)
    #expect(zip(outliers, outliers.dropFirst()).allSatisfy { $0.index < $1.index })
    #expect(outliers.allSatisfy { $0.index >= 0 && $0.index < columnCount && $0.factor >= 4 && $0.factor <= 8 })
  }

  @Test func seedsChooseOtherOutliers() {
    let chosen = Set((0..<20).map { SyntheticWeights(seed: $0).outlierColumns(columnCount: 4096) })
    #expect(chosen.count == 20)
  }

  @Test func embeddingsHaveTheirOwnScale() throws {
    let wide = try WeightSample("t", [512, 1024], .embedding)
    let narrow = try WeightSample("t", [512, 64], .embedding)
    // The mean of a squared log-normal scale of σ = 0.25 is exp(2 σ²).
    for sample in [wide, narrow] {
      #expect(abs(WeightSample.deviation(sample.values) - 0.02 * exp(0.0625)) < 0.001)
    }
  }

  @Test func normsLieAroundOneWithAFewLargeOnes() throws {
    let values = try WeightSample("t", [65_536], .norm).values
    #expect(values.allSatisfy { $0 >= 0.05 && $0 < 12 })
    let large = values.count { $0 > 2.2 }
    #expect(large > 80 && large < 180)
    let usual = values.filter { $0 <= 2.2 }
    #expect(abs(WeightSample.mean(usual) - 1) < 0.005)
    #expect(abs(WeightSample.deviation(usual.map { $0 - 1 }) - 0.15) < 0.01)
  }

  @Test func biasesAreSmall() throws {
    let values = try WeightSample("t", [65_536], .bias).values
    #expect(abs(WeightSample.mean(values)) < 0.0005)
    #expect(abs(WeightSample.deviation(values) - 0.02) < 0.0005)
    #expect(WeightSample.kurtosis(values) > 3.5)
  }
}
