/// Which keys a query sees.
enum AttentionMask: Sendable {
  /// Query i at position `offset + i` sees the keys up to its own position, and of these only the last `window`.
  case causal(offset: Int, window: Int?)
  /// Every query sees the same keys: all but those that are hidden. Queries from `uniformFrom` on see all keys alike,
  /// hidden or not, whatever the scores.
  case fixed(hidden: [Bool], uniformFrom: Int?)
  /// Every query sees every key.
  case none
}
