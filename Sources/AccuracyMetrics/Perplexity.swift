import Glibc

/// How many tokens a model hesitates between, on average: exp(mean of -log p of the tokens that came).
///
/// 1 is a model that knew every token; the size of the vocabulary is one that knew nothing.
public enum Perplexity {
  /// The perplexity of a mean in nats; NaN gives NaN.
  public static func value(meanNegativeLogLikelihood: Double) -> Double { exp(meanNegativeLogLikelihood) }
}
