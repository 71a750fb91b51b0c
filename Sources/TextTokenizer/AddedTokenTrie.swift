/// Cuts text at added tokens the way the reference's slow tokenizers do.
///
/// That is the longest token at the leftmost place, save for a few odd cases in which tokens overlap; the steps here
/// follow the reference's so that those come out the same.
struct AddedTokenTrie: Sendable {
  private var edges: [UInt64: Int32] = [:]
  private var isEnd: [Bool] = [false]

  /// Adds a token.
  mutating func insert(_ token: [Unicode.Scalar]) {
    var node = 0
    for scalar in token {
      let edge = AddedTokenTrie.edge(node, scalar)
      if let next = edges[edge] {
        node = Int(next)
      } else {
        edges[edge] = Int32(isEnd.count)
        node = isEnd.count
        isEnd.append(false)
      }
    }
    if node != 0 { isEnd[node] = true }
  }

  /// The parts of a text, none of them empty.
  func split(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    var offsets = [0]
    var states: [(start: Int, node: Int)] = []
    var skip = 0
    for (current, scalar) in text.enumerated() where current >= skip {
      if let match = step(&states, text, current, scalar) {
        offsets.append(match.start)
        offsets.append(match.end)
        skip = max(skip, match.skip)
        states = []
      }
      if current >= skip, let node = next(0, scalar) { states.append((current, node)) }
    }
    if let last = states.first(where: { isEnd[$0.node] }) {
      offsets.append(last.start)
      offsets.append(text.count)
    }
    offsets.append(text.count)
    var parts: [[Unicode.Scalar]] = []
    var start = 0
    for end in offsets where end > start {
      parts.append(Array(text[start..<end]))
      start = end
    }
    return parts
  }

  /// Moves the partial matches on by one character, or returns the match that was complete before it.
  private func step(
    _ states: inout [(start: Int, node: Int)], _ text: [Unicode.Scalar], _ current: Int, _ scalar: Unicode.Scalar
  ) -> (start: Int, end: Int, skip: Int)? {
    var kept: [(start: Int, node: Int)] = []
    for index in states.indices {
      if isEnd[states[index].node] { return longest(states, at: index, text, current) }
      if let node = next(states[index].node, scalar) {
        states[index].node = node
        kept.append(states[index])
      }
    }
    states = kept
    return nil
  }

  /// Looks ahead for a longer match, or one that began earlier, than the complete one at `index`.
  private func longest(
    _ states: [(start: Int, node: Int)], at index: Int, _ text: [Unicode.Scalar], _ current: Int
  ) -> (start: Int, end: Int, skip: Int) {
    var start = states[index].start
    var end = current
    var skip = 0
    for state in states {
      if state.start > start { break }
      // Partial matches that began earlier have taken the current character already.
      var ahead = state.start < start ? current + 1 : current
      end = ahead
      var node = state.node
      if isEnd[node] { (start, end, skip) = (state.start, ahead, ahead) }
      while ahead < text.count, let following = next(node, text[ahead]) {
        node = following
        ahead += 1
        if isEnd[node] { (start, end, skip) = (state.start, ahead, ahead) }
      }
    }
    return (start, end, skip)
  }

  private func next(_ node: Int, _ scalar: Unicode.Scalar) -> Int? {
    edges[AddedTokenTrie.edge(node, scalar)].map(Int.init)
  }

  private static func edge(_ node: Int, _ scalar: Unicode.Scalar) -> UInt64 {
    UInt64(node) << 21 | UInt64(scalar.value)
  }
}
