import Glibc

/// Perplexity of a candidate over that of a reference on the same tokens: exp(mean of (c_t - r_t)), with c_t and r_t
/// the two values of -log p of token t.
///
/// 1 is no difference, 1.01 one percent worse. The difference is taken token by token, so what makes a text hard for
/// both does not widen the interval.
public struct PerplexityRatio: Sendable, Hashable {
  /// The ratio, greater than 0; NaN if a value is NaN.
  public let value: Double
  /// The ends of ``MeanInterval`` of the logarithm, taken to the exponential; `nil` below two groups.
  public let interval: ConfidenceInterval?

  /// Compares two lists of -log p, token by token.
  ///
  /// - Parameters:
  ///   - reference: in nats, one for each token; at least one.
  ///   - candidate: the same of the other model.
  ///   - groups: for each token the sample that it belongs to.
  /// - Precondition: the three lists are of the same length, and not empty.
  public init(reference: [Double], candidate: [Double], groups: [Int]) {
    precondition(reference.count == candidate.count, "\(reference.count) tokens against \(candidate.count)")
    precondition(!reference.isEmpty, "a perplexity of no tokens")
    let differences = zip(candidate, reference).map { $0 - $1 }
    value = exp(differences.reduce(0, +) / Double(differences.count))
    interval = MeanInterval.value(of: differences, groups: groups).map {
      ConfidenceInterval(lower: exp($0.lower), upper: exp($0.upper))
    }
  }
}
