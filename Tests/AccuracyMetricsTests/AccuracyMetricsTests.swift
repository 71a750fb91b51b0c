import AccuracyMetrics
import Testing

/// Vectors small enough to work out by hand; tolerances are a few units in the last place of a float64.
@Suite struct AccuracyMetricsTests {
  let reference: [Float] = [3, -4, 0, 12]
  let other: [Float] = [3, -4, 1, 10]

  @Test func sumsOfPairs() {
    let sums = PairedSums(reference, other)
    #expect(sums.count == 4)
    #expect(sums.dotProduct == 9 + 16 + 0 + 120)
    #expect(sums.signalEnergy == 169)
    #expect(sums.otherEnergy == 9 + 16 + 1 + 100)
    #expect(sums.errorEnergy == 5)
  }

  @Test func sumsAreAddedInFloat64() {
    // In float32 the 1 would be lost.
    #expect(PairedSums([Float(4096), 1], [Float(0), 0]).signalEnergy == 16_777_217)
  }

  @Test func noiseInDecibels() {
    #expect(SignalToQuantizationNoise.decibels(signalEnergy: 100, errorEnergy: 1) == 20)
    #expect(SignalToQuantizationNoise.decibels(signalEnergy: 1, errorEnergy: 1) == 0)
    #expect(SignalToQuantizationNoise.decibels(signalEnergy: 1, errorEnergy: 1000) == -30)
    #expect(abs(SignalToQuantizationNoise.decibels(signalEnergy: 4, errorEnergy: 1) - 6.020599913279624) < 1e-14)
    // 10 log10(169 / 5)
    #expect(abs(SignalToQuantizationNoise.decibels(reference: reference, other: other) - 15.289167002776547) < 1e-12)
  }

  @Test func noiseOfMixedTypes() {
    let halves: [Double] = [1, 0]
    #expect(SignalToQuantizationNoise.decibels(reference: [Float(1), 0], other: halves) == .infinity)
    #expect(SignalToQuantizationNoise.decibels(reference: [Float(10), 0], other: [9.0, 0.0]) == 20)
  }

  @Test func noiseAtTheEdges() {
    let zeros: [Float] = [0, 0]
    let none: [Float] = []
    #expect(SignalToQuantizationNoise.decibels(reference: reference, other: reference) == .infinity)
    #expect(SignalToQuantizationNoise.decibels(reference: zeros, other: zeros) == .infinity)
    #expect(SignalToQuantizationNoise.decibels(reference: none, other: none) == .infinity)
    #expect(SignalToQuantizationNoise.decibels(reference: zeros, other: [Float(0), 1]) == -.infinity)
    #expect(SignalToQuantizationNoise.decibels(reference: [Float.nan, 1], other: [Float(0), 1]).isNaN)
    #expect(SignalToQuantizationNoise.decibels(reference: [Float(0), 1], other: [Float.nan, 1]).isNaN)
    #expect(SignalToQuantizationNoise.decibels(reference: [Float(0), 1], other: [Float.infinity, 1]) == -.infinity)
    #expect(SignalToQuantizationNoise.decibels(signalEnergy: .nan, errorEnergy: 0).isNaN)
  }

  @Test func relativeFrobenius() {
    #expect(RelativeFrobeniusError.value(reference: [Float(3), 4], other: [Float(3), 3]) == 0.2)
    #expect(RelativeFrobeniusError.value(signalEnergy: 400, errorEnergy: 4) == 0.1)
    #expect(abs(RelativeFrobeniusError.value(reference: reference, other: other) - 0.17200522903844537) < 1e-15)
    // 20 dB are one tenth.
    #expect(RelativeFrobeniusError.value(reference: [Float(10)], other: [Float(11)]) == 0.1)
  }

  @Test func relativeFrobeniusAtTheEdges() {
    let zeros: [Float] = [0, 0]
    #expect(RelativeFrobeniusError.value(reference: zeros, other: zeros) == 0)
    #expect(RelativeFrobeniusError.value(reference: zeros, other: [Float(0), 2]) == .infinity)
    #expect(RelativeFrobeniusError.value(reference: [Float.nan, 1], other: zeros).isNaN)
    #expect(RelativeFrobeniusError.value(signalEnergy: .nan, errorEnergy: 0).isNaN)
  }

  @Test func cosine() {
    #expect(CosineSimilarity.value(reference: [Float(1), 0], other: [Float(0), 5]) == 0)
    #expect(CosineSimilarity.value(reference: [Float(3), 4], other: [Float(6), 8]) == 1)
    #expect(CosineSimilarity.value(reference: [Float(3), 4], other: [Float(-3), -4]) == -1)
    #expect(abs(CosineSimilarity.value(reference: [Float(1), 0], other: [Float(1), 1]) - 0.7071067811865476) < 1e-15)
    // 145 / sqrt(169 * 126)
    #expect(abs(CosineSimilarity.value(reference: reference, other: other) - 0.9936635917256803) < 1e-14)
  }

  @Test func cosineAtTheEdges() {
    let zeros: [Float] = [0, 0]
    #expect(CosineSimilarity.value(reference: zeros, other: zeros) == 1)
    #expect(CosineSimilarity.value(reference: zeros, other: [Float(1), 0]) == 0)
    #expect(CosineSimilarity.value(reference: [Float(1), 0], other: zeros) == 0)
    #expect(CosineSimilarity.value(reference: zeros, other: [Float.nan, 0]).isNaN)
    #expect(CosineSimilarity.value(reference: [Float.nan, 1], other: [Float(1), 1]).isNaN)
    #expect(CosineSimilarity.value(dotProduct: 1.0000001, referenceEnergy: 1, otherEnergy: 1) == 1)
    #expect(CosineSimilarity.value(dotProduct: -1.0000001, referenceEnergy: 1, otherEnergy: 1) == -1)
  }

  @Test func maximum() {
    #expect(MaximumAbsoluteError.value(reference: reference, other: other) == 2)
    #expect(MaximumAbsoluteError.value(reference: [Float(-1)], other: [Float(2)]) == 3)
    #expect(MaximumAbsoluteError.value(reference: [Float](), other: [Float]()) == 0)
    #expect(MaximumAbsoluteError.value(reference: [Float(1)], other: [Float.infinity]) == .infinity)
    #expect(MaximumAbsoluteError.value(reference: [Float.nan, 0], other: [Float(0), 9]).isNaN)
    #expect(MaximumAbsoluteError.value(reference: [Float(9), Float.nan], other: [Float(0), 0]).isNaN)
    #expect(MaximumAbsoluteError.value(reference: [Float.infinity], other: [Float.infinity]).isNaN)
  }
}
