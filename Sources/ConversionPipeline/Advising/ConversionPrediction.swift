/// What a conversion is expected to cost.
struct ConversionPrediction: Sendable {
  /// Nats of divergence for each unit of relative error: the one number that was fitted, to conversions of a language
  /// model of 135 million weights. `formats/advice.md` has the fit and says why larger models diverge less.
  static let divergencePerError = 33.0

  private var weightedError = 0.0
  private var weightCount = 0
  private var threadSeconds = 0.0
  private var teamSeconds = 0.0

  /// Adds a tensor.
  mutating func add(_ outcome: TensorOutcome, weightCount: Int) {
    weightedError += outcome.relativeError * Double(weightCount)
    self.weightCount += weightCount
    threadSeconds += outcome.threadSeconds
    teamSeconds += outcome.teamSeconds
  }

  /// Squared error of outputs over their squares, the mean over all weights.
  var relativeError: Double { weightCount == 0 ? 0 : weightedError / Double(weightCount) }

  /// Mean Kullback-Leibler divergence of the next token in nats, as a small language model would have it.
  var divergence: Double { Self.divergencePerError * relativeError }

  /// Seconds of the whole conversion.
  func seconds(threads: Int) -> Double { teamSeconds + threadSeconds / Double(threads) }
}
