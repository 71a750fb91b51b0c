/// A token that may be drawn.
struct ScoredToken {
  let id: Int
  /// Logit after penalty and temperature, or a weight in proportion to the probability.
  let score: Double

  /// Whether this one is more likely; equal scores go by id, so that there is one order on every machine.
  func isBefore(_ other: ScoredToken) -> Bool {
    score > other.score || (score == other.score && id < other.id)
  }
}
