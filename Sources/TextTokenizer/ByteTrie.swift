/// Finds the longest of many byte strings that begins at a place.
struct ByteTrie: Sendable {
  private var edges: [UInt64: Int32] = [:]
  /// For each node the pattern that ends there, or -1.
  private var patterns: [Int32] = [-1]
  private var startsPattern = [Bool](repeating: false, count: 256)

  /// Whether there is no pattern.
  var isEmpty: Bool { edges.isEmpty }

  /// Adds a pattern; of equal patterns the first one counts, an empty one never matches.
  mutating func insert(_ bytes: some Sequence<UInt8>, pattern: Int) {
    var node = 0
    for byte in bytes {
      if node == 0 { startsPattern[Int(byte)] = true }
      let edge = UInt64(node) << 8 | UInt64(byte)
      if let next = edges[edge] {
        node = Int(next)
      } else {
        edges[edge] = Int32(patterns.count)
        node = patterns.count
        patterns.append(-1)
      }
    }
    if node != 0, patterns[node] < 0 { patterns[node] = Int32(pattern) }
  }

  /// The longest pattern that begins at `start`, or `nil`.
  func longestMatch(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (pattern: Int, end: Int)? {
    guard start < bytes.count, startsPattern[Int(bytes[start])] else { return nil }
    var node: Int32 = 0
    var found: (pattern: Int, end: Int)?
    var index = start
    while index < bytes.count, let next = edges[UInt64(node) << 8 | UInt64(bytes[index])] {
      node = next
      index += 1
      if patterns[Int(node)] >= 0 { found = (Int(patterns[Int(node)]), index) }
    }
    return found
  }
}
