import FusionCore

/// The greatest value of one metric that passes.
public struct GateLimit: Sendable, Equatable {
  /// What is held to the limit.
  public let metric: GateMetric
  /// The greatest value that passes.
  public let limit: Double
  /// Whether a report without the value fails; a limit that a user writes down always is, those of a preset are not
  /// where they need data that not every comparison has.
  public let isRequired: Bool

  /// Collects the fields.
  public init(_ metric: GateMetric, _ limit: Double, isRequired: Bool = true) {
    self.metric = metric
    self.limit = limit
    self.isRequired = isRequired
  }

  /// The limit that a text such as `kld.mean=0.02` sets.
  ///
  /// - Throws: `.gateLimitSyntax`, `.unknownGateMetric`, both of them wrong usage.
  public static func parse(_ text: String) throws -> GateLimit {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw FusionError(
        .gateLimitSyntax, "a limit is a metric, an equals sign and a number", expected: "for example kld.mean=0.02",
        found: text, remedy: "write it so; the metrics are \(metricList)")
    }
    let name = String(parts[0])
    guard let metric = GateMetric(name: name) else {
      throw FusionError(
        .unknownGateMetric, "there is no metric of this name", expected: metricList, found: name,
        remedy: betterNames[name].map { "use \($0)" } ?? "use one of these names")
    }
    guard let limit = Double(String(parts[1])), limit.isFinite, limit >= 0 else {
      throw FusionError(
        .gateLimitSyntax, "the limit of a metric is not a number", place: name,
        expected: "a number that is 0 or more, such as 0.02", found: String(parts[1]), remedy: "write a number")
    }
    return GateLimit(metric, limit)
  }

  private static var metricList: String {
    let scoped = GateQuantity.allCases.filter(\.hasScopes).map(\.rawValue).joined(separator: ", ")
    let others = GateQuantity.allCases.filter { !$0.hasScopes }.map(\.rawValue).joined(separator: ", ")
    return "\(scoped), each also with image. or text. before it, \(others)"
  }

  /// Names that people expect but for which more is better, with those that do for `--fail-above`.
  private static let betterNames = [
    "top1": "top1.disagreement, which is 1 less the agreement",
    "top5": "top5.disagreement, which is 1 less the agreement",
    "accuracy": "accuracy.drop, which is the reference's accuracy less the candidate's",
    "sqnr.min": "weight.max, which is 10^(-SQNR / 20): 0.1 is 20 dB",
    "sqnr": "weight.max, which is 10^(-SQNR / 20): 0.1 is 20 dB",
    "perplexity": "perplexity.ratio, which is 1 when nothing changed",
    "kld": "kld.mean", "kl": "kld.mean",
  ]
}

extension FusionError.Code {
  /// A limit that is not a metric, an equals sign and a number.
  public static let gateLimitSyntax = Self("reports.gateLimitSyntax", .usage)
  /// A limit on something that reports do not have.
  public static let unknownGateMetric = Self("reports.unknownGateMetric", .usage)
}
