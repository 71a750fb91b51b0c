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
    precondition(successes >= 0 && successes <= trials, "\(successes) successes of \(trials)")
    guard trials > 0 else { return ConfidenceInterval(lower: 0, upper: 1) }
    let (s, n) = (Double(successes), Double(trials))
    let square = normalPercentile * normalPercentile
    let halfWidth = normalPercentile * (s * (n - s) / n + square / 4).squareRoot()
    let middle = s + square / 2
    return ConfidenceInterval(
      lower: successes == 0 ? 0 : max(0, (middle - halfWidth) / (n + square)),
      upper: successes == trials ? 1 : min(1, (middle + halfWidth) / (n + square)))
  }
}
