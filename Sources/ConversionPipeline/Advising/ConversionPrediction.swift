/// What a conversion is expected to cost.
struct ConversionPrediction: Sendable {
  /// Nats of divergence for each unit of relative error of a language model of 135 million weights, for models that
  /// cannot be run. `formats/advice.md` has the fit; models differ by factors.
  static let divergencePerError = 33.0
  /// The same for the model that is converted, where it was measured.
  var factor = Self.divergencePerError

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

  /// Mean Kullback-Leibler divergence of the next token in nats.
  var divergence: Double { factor * relativeError }

  /// Seconds of the whole conversion.
  func seconds(threads: Int) -> Double { teamSeconds + threadSeconds / Double(threads) }
}
