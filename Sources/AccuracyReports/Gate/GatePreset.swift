/// Limits that do for most purposes, by name.
public enum GatePreset: String, Sendable, CaseIterable {
  /// The candidate can stand in for the reference unseen; what a good int8 conversion keeps to.
  case strict
  /// A user will hardly notice; what a good 4-bit conversion of a model of some billion weights keeps to.
  case normal

  /// The limits. Those on perplexity and answers hold where the samples have known answers.
  ///
  /// 8-bit conversions usually stay below a mean divergence of 0.01 nats, and good 4-bit ones of large models below
  /// 0.05. The limit at the 99th percentile is ten times that of the mean: it catches a candidate that is right on
  /// average and lost in places, such as after a picture. `formats/report.md` has the limits and their reasons.
  public var limits: [GateLimit] {
    switch self {
    case .strict:
      Self.limits(mean: 0.01, p99: 0.1, disagreement: 0.03, perplexityRatio: 1.01, accuracyDrop: 0.01)
    case .normal:
      Self.limits(mean: 0.05, p99: 0.5, disagreement: 0.10, perplexityRatio: 1.05, accuracyDrop: 0.03)
    }
  }

  private static func limits(
    mean: Double, p99: Double, disagreement: Double, perplexityRatio: Double, accuracyDrop: Double
  ) -> [GateLimit] {
    [
      GateLimit(GateMetric(.divergenceMean), mean),
      GateLimit(GateMetric(.divergenceP99), p99),
      GateLimit(GateMetric(.top1Disagreement), disagreement),
      GateLimit(GateMetric(.perplexityRatio), perplexityRatio, isRequired: false),
      GateLimit(GateMetric(.accuracyDrop), accuracyDrop, isRequired: false),
    ]
  }
}
