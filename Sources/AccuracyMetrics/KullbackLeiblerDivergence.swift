import Glibc

/// What it costs to take the candidate's distribution over the next token for the reference's, in nats:
/// KL(P || Q) = sum p_i log(p_i / q_i), P the softmax of the reference's logits x and Q that of the candidate's y.
///
/// Kullback and Leibler, "On Information and Sufficiency", 1951. With a_i = x_i - max x, b_i = y_i - max y, A = sum
/// exp(a_i) and B = sum exp(b_i) this is sum exp(a_i) (a_i - b_i) / A + log(B / A): one pass once the two greatest
/// logits are known, in float64. Equal logits give exactly 0, and what rounding leaves below 0 (the terms cancel to
/// about 1e-15) is given as 0.
///
/// A token of no probability in P (a logit of minus infinity, or so far below the greatest that its exponential is 0
/// in float64) adds nothing. One that P has and Q has not gives infinity. A NaN or plus infinity in either, or nothing
/// but minus infinities, gives NaN, equal logits included.
public enum KullbackLeiblerDivergence {
  /// The divergence of two sets of logits over the same tokens, from 0 to infinity.
  ///
  /// - Parameters:
  ///   - reference: logits of P.
  ///   - candidate: logits of Q.
  /// - Precondition: both have the same number of logits, at least one.
  public static func value(
    reference: UnsafeBufferPointer<Float>, candidate: UnsafeBufferPointer<Float>
  ) -> Double {
    precondition(reference.count == candidate.count, "\(reference.count) logits against \(candidate.count)")
    precondition(!reference.isEmpty, "a divergence of no logits")
    let greatestOfReference = TokenDistribution.greatest(of: reference)
    let greatestOfCandidate = TokenDistribution.greatest(of: candidate)
    guard greatestOfReference.isFinite, greatestOfCandidate.isFinite else { return .nan }
    var sums = (reference: 0.0, candidate: 0.0, weighted: 0.0)
    for start in stride(from: 0, to: reference.count, by: blockCount) {
      var block = (reference: 0.0, candidate: 0.0, weighted: 0.0)
      for index in start..<min(start + blockCount, reference.count) {
        let a = Double(reference[index]) - greatestOfReference
        let b = Double(candidate[index]) - greatestOfCandidate
        let weight = exp(a)
        block.reference += weight
        block.candidate += exp(b)
        if weight != 0 { block.weighted += weight * (a - b) }
      }
      sums.reference += block.reference
      sums.candidate += block.candidate
      sums.weighted += block.weighted
    }
    let divergence = sums.weighted / sums.reference + log1p((sums.candidate - sums.reference) / sums.reference)
    return divergence < 0 ? 0 : divergence
  }

  /// Logits added up before they go into the whole: what rounding loses grows with the length of a sum.
  private static let blockCount = 256
}
