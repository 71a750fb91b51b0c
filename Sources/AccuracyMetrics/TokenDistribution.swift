import Glibc

/// The distribution over the next token that logits stand for: softmax, in float64 and in logarithms.
///
/// log p_i = x_i - m - log(sum_j exp(x_j - m)), with m the greatest logit, so that no exponential overflows and the
/// sum is at least 1. A logit of minus infinity is a token that cannot come: its logarithm is minus infinity. A NaN or
/// a plus infinity among the logits makes every result NaN.
public enum TokenDistribution {
  /// Logarithms of the probabilities of all tokens, in nats.
  ///
  /// - Parameter logits: one number for each token; no logits give no probabilities.
  public static func logProbabilities(of logits: UnsafeBufferPointer<Float>) -> [Double] {
    let (greatest, logSum) = normalizer(of: logits)
    return logits.map { Double($0) - greatest - logSum }
  }

  /// Logarithm of the probability of one token, in nats.
  ///
  /// - Parameters:
  ///   - token: an index of `logits`.
  ///   - logits: one number for each token.
  /// - Precondition: the token is one of them.
  public static func logProbability(of token: Int, in logits: UnsafeBufferPointer<Float>) -> Double {
    precondition(logits.indices.contains(token), "token \(token) of \(logits.count)")
    let (greatest, logSum) = normalizer(of: logits)
    return Double(logits[token]) - greatest - logSum
  }

  /// m and log(sum_j exp(x_j - m)), kept apart because their sum may not hold the second; NaN where there is no
  /// distribution.
  private static func normalizer(of logits: UnsafeBufferPointer<Float>) -> (greatest: Double, logSum: Double) {
    let greatest = greatest(of: logits)
    guard greatest.isFinite else { return (.nan, .nan) }
    var sum = 0.0
    for logit in logits { sum += exp(Double(logit) - greatest) }
    return (greatest, log(sum))
  }

  /// The greatest number that is not NaN; minus infinity if there is none.
  static func greatest(of logits: UnsafeBufferPointer<Float>) -> Double {
    var greatest = -Float.infinity
    for logit in logits where logit > greatest { greatest = logit }
    return Double(greatest)
  }
}
