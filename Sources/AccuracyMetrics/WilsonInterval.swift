/// How far a share of successes can be trusted: the score interval of Wilson, "Probable Inference, the Law of
/// Succession, and Statistical Inference", 1927.
///
/// With s successes in n trials and z the 97.5th percentile of the normal distribution its ends are
/// (s + z²/2 ± z sqrt(s (n - s) / n + z²/4)) / (n + z²). It never leaves 0...1 and stays wide where all or none succeed.
public enum WilsonInterval {
  /// The 97.5th percentile of the standard normal distribution.
  public static let normalPercentile = 1.959963984540054

  /// The interval of the share; no trials give 0...1, for nothing is known.
  ///
  /// - Precondition: `0 <= successes <= trials`.
  public static func value(successes: Int, trials: Int) -> ConfidenceInterval {
    value(scoreSum: Double(successes), trials: trials)
  }

  /// The same of trials that may succeed in part, as with the soft score of VQA, from the sum of their scores.
  ///
  /// Scores between 0 and 1 vary less than zeros and ones of the same mean, so the interval is rather too wide.
  ///
  /// - Parameters:
  ///   - scoreSum: sum of scores of 0 to 1 each.
  ///   - trials: how many there are.
  /// - Precondition: `0 <= scoreSum <= trials`.
  public static func value(scoreSum: Double, trials: Int) -> ConfidenceInterval {
    let (s, n) = (scoreSum, Double(trials))
    precondition(s >= 0 && s <= n, "\(s) successes of \(trials)")
    guard trials > 0 else { return ConfidenceInterval(lower: 0, upper: 1) }
    let square = normalPercentile * normalPercentile
    let halfWidth = normalPercentile * (s * (n - s) / n + square / 4).squareRoot()
    let middle = s + square / 2
    return ConfidenceInterval(
      lower: s == 0 ? 0 : max(0, (middle - halfWidth) / (n + square)),
      upper: s == n ? 1 : min(1, (middle + halfWidth) / (n + square)))
  }
}
