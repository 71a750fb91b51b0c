/// What a gate can hold to a limit; the raw value is the name on the command line.
///
/// All are named such that more is worse, so that one option, `--fail-above`, does for all of them.
public enum GateQuantity: String, Sendable, CaseIterable {
  /// Mean divergence of the predictions, in nats.
  case divergenceMean = "kld.mean"
  /// Median divergence, in nats.
  case divergenceMedian = "kld.median"
  /// Divergence that nine in ten positions stay within, in nats.
  case divergenceP90 = "kld.p90"
  /// Divergence that 99 in 100 positions stay within, in nats.
  case divergenceP99 = "kld.p99"
  /// Largest divergence at any position, in nats.
  case divergenceMaximum = "kld.max"
  /// Share of positions with another likeliest token, 0 to 1.
  case top1Disagreement = "top1.disagreement"
  /// Mean share of the reference's five likeliest tokens that the candidate has not among its five, 0 to 1.
  case top5Disagreement = "top5.disagreement"
  /// Mean loss of probability of the right token, -1 to 1.
  case rightTokenDrop = "right-token.drop"
  /// Candidate's perplexity over the reference's, 1 when nothing changed.
  case perplexityRatio = "perplexity.ratio"
  /// Reference's accuracy less the candidate's, -1 to 1.
  case accuracyDrop = "accuracy.drop"
  /// Share of questions with another answer, 0 to 1.
  case answersChanged = "answers.changed"
  /// Largest relative error at any trace point.
  case activationMaximum = "activation.max"
  /// Largest relative Frobenius error of any tensor.
  case weightMaximum = "weight.max"
  /// Largest increase of a term of the mapping loss.
  case mappingRise = "mapping.rise"

  /// Whether the quantity exists for prompts with and without a picture separately.
  public var hasScopes: Bool {
    switch self {
    case .divergenceMean, .divergenceMedian, .divergenceP90, .divergenceP99, .divergenceMaximum, .top1Disagreement,
      .top5Disagreement, .rightTokenDrop, .perplexityRatio:
      true
    case .accuracyDrop, .answersChanged, .activationMaximum, .weightMaximum, .mappingRise: false
    }
  }
}
