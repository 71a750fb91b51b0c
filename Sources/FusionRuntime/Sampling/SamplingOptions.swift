import FusionCore

/// How the next token is chosen from the logits; every value is in its range.
public struct SamplingOptions: Sendable, Hashable {
  /// What logits are divided by before they become probabilities; 0 takes the most likely token and ignores the other
  /// filters and the seed.
  public let temperature: Double
  /// Probability that the most likely tokens must reach together; the rest is dropped. 1 drops nothing.
  public let topP: Double
  /// How many of the most likely tokens stay, and those as likely as the last of them; 0 drops nothing.
  public let topK: Int
  /// Least probability of a token that stays, as a part of that of the most likely one; 0 drops nothing.
  public let minP: Double
  /// What the logits of tokens that occurred are divided by, or multiplied with where negative; 1 changes nothing.
  public let repetitionPenalty: Double
  /// Decides the random numbers.
  public let seed: UInt64

  /// The most likely token, always.
  public static let greedy = SamplingOptions()

  private init() {
    temperature = 0
    topP = 1
    topK = 0
    minP = 0
    repetitionPenalty = 1
    seed = 0
  }

  /// Checks the options and collects them.
  ///
  /// - Parameters:
  ///   - temperature: 0 ... 100; above 100 every token is about equally likely.
  ///   - topP: above 0, at most 1.
  ///   - topK: 0 or more.
  ///   - minP: 0 or more, below 1.
  ///   - repetitionPenalty: 0.01 ... 100; beyond, only one token is left to draw.
  ///   - seed: any number.
  /// - Throws: `.samplingOption`; NaN and infinity are in no range.
  public init(
    temperature: Double = 0, topP: Double = 1, topK: Int = 0, minP: Double = 0, repetitionPenalty: Double = 1,
    seed: UInt64 = 0
  ) throws {
    try Self.require(temperature >= 0 && temperature <= 100, "temperature", "a number from 0 to 100", temperature)
    try Self.require(
      temperature == 0 || temperature >= 0.001, "temperature", "0, or at least 0.001 to sample", temperature)
    try Self.require(topP > 0 && topP <= 1, "top-p", "a number above 0 and at most 1", topP)
    try Self.require(topK >= 0, "top-k", "a whole number of at least 0", topK)
    try Self.require(minP >= 0 && minP < 1, "min-p", "a number of at least 0 and below 1", minP)
    try Self.require(
      repetitionPenalty >= 0.01 && repetitionPenalty <= 100, "repetition penalty", "a number from 0.01 to 100",
      repetitionPenalty)
    self.temperature = temperature
    self.topP = topP
    self.topK = topK
    self.minP = minP
    self.repetitionPenalty = repetitionPenalty
    self.seed = seed
  }

  private static func require(
    _ holds: Bool, _ option: String, _ expected: String, _ found: some CustomStringConvertible
  ) throws {
    guard !holds else { return }
    throw FusionError(
      .samplingOption, "an option of sampling is out of range", place: option, expected: expected,
      found: found.description, remedy: "give \(expected) for \(option), or leave it out")
  }
}
