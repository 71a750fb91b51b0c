import FusionCore
import FusionRuntime
import Testing

@Suite struct SamplingOptionsTests {
  /// An option outside its range, with the words that name it.
  struct Case: Sendable, CustomTestStringConvertible {
    let place: String
    let found: String
    let make: @Sendable () throws -> SamplingOptions
    var testDescription: String { "\(place) \(found)" }
  }

  static let cases: [Case] = [
    Case(place: "temperature", found: "-0.5") { try SamplingOptions(temperature: -0.5) },
    Case(place: "temperature", found: "nan") { try SamplingOptions(temperature: .nan) },
    Case(place: "temperature", found: "inf") { try SamplingOptions(temperature: .infinity) },
    Case(place: "temperature", found: "1e-09") { try SamplingOptions(temperature: 1e-9) },
    Case(place: "top-p", found: "0.0") { try SamplingOptions(topP: 0) },
    Case(place: "top-p", found: "1.01") { try SamplingOptions(topP: 1.01) },
    Case(place: "top-p", found: "nan") { try SamplingOptions(topP: .nan) },
    Case(place: "top-k", found: "-1") { try SamplingOptions(topK: -1) },
    Case(place: "min-p", found: "1.0") { try SamplingOptions(minP: 1) },
    Case(place: "min-p", found: "-0.1") { try SamplingOptions(minP: -0.1) },
    Case(place: "repetition penalty", found: "0.0") { try SamplingOptions(repetitionPenalty: 0) },
    Case(place: "repetition penalty", found: "0.009") { try SamplingOptions(repetitionPenalty: 0.009) },
    Case(place: "repetition penalty", found: "inf") { try SamplingOptions(repetitionPenalty: .infinity) },
  ]

  @Test(arguments: cases)
  func valuesOutsideTheRangeAreRefused(sample: Case) throws {
    let error = try #require(throws: FusionError.self) { _ = try sample.make() }
    #expect(error.code == .samplingOption)
    #expect(error.code.category == .usage)
    #expect(error.place == sample.place)
    #expect(error.found == sample.found)
    #expect(error.expected?.isEmpty == false)
  }

  @Test func limitsThemselvesAreAllowed() throws {
    let widest = try SamplingOptions(
      temperature: 100, topP: 1, topK: .max, minP: 0, repetitionPenalty: 100, seed: .max)
    #expect(widest.temperature == 100 && widest.topK == .max && widest.seed == .max)
    let narrowest = try SamplingOptions(
      temperature: 0.001, topP: .leastNormalMagnitude, minP: 0.999, repetitionPenalty: 0.01)
    #expect(narrowest.minP == 0.999 && narrowest.temperature == 0.001)
  }

  @Test func withoutOptionsNothingIsRandom() throws {
    #expect(try SamplingOptions() == .greedy)
    #expect(SamplingOptions.greedy.temperature == 0)
  }
}
