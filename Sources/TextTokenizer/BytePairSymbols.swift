/// A word in the course of merging: a list of tokens in which neighbours become one.
struct BytePairSymbols {
  private struct Candidate: Comparable {
    let rank: UInt32
    let position: Int32
    let result: UInt32

    static func < (a: Candidate, b: Candidate) -> Bool {
      a.rank != b.rank ? a.rank < b.rank : a.position < b.position
    }
  }

  private var tokens: [UInt32]
  private var previous: [Int32]
  private var next: [Int32]
  private var isRemoved: [Bool]

  init(tokens: [UInt32]) {
    self.tokens = tokens
    let count = Int32(tokens.count)
    previous = (0..<count).map { $0 - 1 }
    next = (0..<count).map { $0 + 1 < count ? $0 + 1 : -1 }
    isRemoved = [Bool](repeating: false, count: tokens.count)
  }

  /// Merges neighbours, the earliest merge of the table first and from the left, until none is possible.
  ///
  /// Takes time in proportion to the length times its logarithm.
  mutating func merge(_ merges: MergeTable) {
    guard tokens.count > 1 else { return }
    var queue = MinimumHeap<Candidate>()
    for position in 0..<(tokens.count - 1) {
      if let merge = merges[tokens[position], tokens[position + 1]] {
        queue.push(Candidate(rank: merge.rank, position: Int32(position), result: merge.result))
      }
    }
    while let top = queue.pop() {
      let left = Int(top.position)
      guard !isRemoved[left], next[left] >= 0 else { continue }
      let right = Int(next[left])
      guard let merge = merges[tokens[left], tokens[right]], merge.result == top.result else { continue }
      tokens[left] = merge.result
      isRemoved[right] = true
      next[left] = next[right]
      if next[right] >= 0 { previous[Int(next[right])] = top.position }
      if previous[left] >= 0 { consider(previous[left], top.position, merges, &queue) }
      if next[left] >= 0 { consider(top.position, next[left], merges, &queue) }
    }
  }

  /// Appends what is left.
  func append(to output: inout [Int]) {
    for position in tokens.indices where !isRemoved[position] { output.append(Int(tokens[position])) }
  }

  private func consider(
    _ left: Int32, _ right: Int32, _ merges: MergeTable, _ queue: inout MinimumHeap<Candidate>
  ) {
    guard let merge = merges[tokens[Int(left)], tokens[Int(right)]] else { return }
    queue.push(Candidate(rank: merge.rank, position: left, result: merge.result))
  }
}
