/// Whether two sets of logits put the same tokens first.
///
/// Of equal logits the lower token is the better one, as in greedy decoding.
public enum TopAgreement {
  /// Whether the best token is the same: what greedy decoding would emit.
  ///
  /// - Returns: `false` if there is a NaN in either, for then there is no best token.
  /// - Precondition: both have the same number of logits, at least one.
  public static func top1(reference: UnsafeBufferPointer<Float>, candidate: UnsafeBufferPointer<Float>) -> Bool {
    check(reference, candidate)
    guard let first = best(of: reference), let second = best(of: candidate) else { return false }
    return first == second
  }

  /// The token that greedy decoding would emit; `nil` if there is a NaN, or no logit.
  public static func best(of logits: UnsafeBufferPointer<Float>) -> Int? { best(1, of: logits)?.first }

  /// Share of the reference's five best tokens that are among the candidate's five best, in any order: 0, 0.2, ... 1.
  ///
  /// Of fewer than five tokens all are the best.
  ///
  /// - Returns: NaN if there is a NaN in either.
  /// - Precondition: both have the same number of logits, at least one.
  public static func top5Overlap(
    reference: UnsafeBufferPointer<Float>, candidate: UnsafeBufferPointer<Float>
  ) -> Double {
    check(reference, candidate)
    let count = min(5, reference.count)
    guard let first = best(count, of: reference), let second = best(count, of: candidate) else { return .nan }
    return Double(first.count(where: second.contains)) / Double(count)
  }

  /// Tokens with the greatest logits, best first, or `nil` if one is NaN.
  private static func best(_ count: Int, of logits: UnsafeBufferPointer<Float>) -> [Int]? {
    var tokens: [Int] = []
    var threshold = -Float.infinity
    for (token, logit) in logits.enumerated() {
      if logit.isNaN { return nil }
      if tokens.count == count, logit <= threshold { continue }
      let place = tokens.firstIndex { logits[$0] < logit } ?? tokens.count
      tokens.insert(token, at: place)
      if tokens.count > count { tokens.removeLast() }
      if let last = tokens.last { threshold = logits[last] }
    }
    return tokens
  }

  private static func check(_ reference: UnsafeBufferPointer<Float>, _ candidate: UnsafeBufferPointer<Float>) {
    precondition(reference.count == candidate.count, "\(reference.count) logits against \(candidate.count)")
    precondition(!reference.isEmpty, "an agreement on no logits")
  }
}
