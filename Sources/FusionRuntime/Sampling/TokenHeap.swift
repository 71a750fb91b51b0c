/// Tokens by falling score, the lower id first among equals; only those that are taken get sorted.
///
/// Making it takes time in proportion to the tokens, taking one a logarithm of that: of 128 000 tokens, top-p mostly
/// wants a few hundred.
struct TokenHeap {
  private var items: [ScoredToken]

  init(_ tokens: [ScoredToken]) {
    items = tokens
    for index in stride(from: items.count / 2 - 1, through: 0, by: -1) { sink(index) }
  }

  /// Takes the token with the greatest score; `nil` when there is none.
  mutating func popMaximum() -> ScoredToken? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    if !items.isEmpty {
      items[0] = last
      sink(0)
    }
    return first
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      let left = 2 * parent + 1
      guard left < items.count else { return }
      let right = left + 1
      let child = right < items.count && items[right].isBefore(items[left]) ? right : left
      guard items[child].isBefore(items[parent]) else { return }
      items.swapAt(parent, child)
      parent = child
    }
  }
}
