/// Whether two models that answered the same questions differ in accuracy: the exact test of McNemar, "Note on the
/// Sampling Error of the Difference Between Correlated Proportions", 1947.
///
/// Only questions that one model has right and the other wrong count: b and c of them. If the models are equally good,
/// each of the n = b + c falls on either side with probability 1/2, so the p-value of both sides together is
/// min(1, 2 sum_{i = 0}^{min(b, c)} C(n, i) / 2^n).
public struct McNemarTest: Sendable, Hashable {
  /// Questions that the first model has right and the second one wrong.
  public let b: Int
  /// Questions that the first model has wrong and the second one right.
  public let c: Int

  /// Takes the two counts.
  ///
  /// - Precondition: neither is negative.
  public init(b: Int, c: Int) {
    precondition(b >= 0 && c >= 0, "discordant counts \(b) and \(c)")
    self.b = b
    self.c = c
  }

  /// Probability of a difference as large as this or larger if there is none, 0 to 1; 1 without any discordant
  /// question.
  ///
  /// The greatest term is computed in logarithms and the rest of the sum relative to it, so that no count overflows;
  /// relative error below 1e-12 up to a million questions.
  public var pValue: Double {
    let (least, most) = (Double(min(b, c)), Double(max(b, c)))
    // Then the two tails overlap in the middle.
    if most - least <= 1 { return 1 }
    var term = 1.0
    var sum = 1.0
    var index = least
    while index > 0, term > sum * 0x1p-60 {
      term *= index / (least + most - index + 1)
      sum += term
      index -= 1
    }
    return min(1, 2 * sum * FairCoin.probability(least, most))
  }
}
