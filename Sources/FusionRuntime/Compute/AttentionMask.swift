/// Which keys a query sees.
enum AttentionMask: Sendable {
  /// Query i at position `offset + i` sees the keys up to its own position, and of these only the last `window`.
  case causal(offset: Int, window: Int?)
  /// Every query sees the same keys: all but those that are hidden. Queries from `uniformFrom` on see all keys alike,
  /// hidden or not, whatever the scores.
  case fixed(hidden: [Bool], uniformFrom: Int?)
  /// Every query sees every key.
  case none

  /// Keys outside of which a query sees none.
  func visibleKeys(query: Int, keyCount: Int) -> Range<Int> {
    guard case .causal(let offset, let window) = self else { return 0..<keyCount }
    let end = min(offset + query + 1, keyCount)
    return (window.map { max(0, end - $0) } ?? 0)..<end
  }

  /// Takes keys that a query does not see out of a run of scores, and gives keys that it sees alike the same score.
  ///
  /// - Parameter keys: those of the scores, all within ``visibleKeys(query:keyCount:)``.
  func apply(to scores: UnsafeMutableBufferPointer<Float>, query: Int, keys: Range<Int>) {
    guard case .fixed(let hidden, let uniformFrom) = self else { return }
    if let uniformFrom, query >= uniformFrom {
      scores.update(repeating: 0)
      return
    }
    for (index, key) in keys.enumerated() where hidden[key] { scores[index] = -.infinity }
  }
}
