/// The merges of a byte-pair vocabulary: for two neighbouring tokens, how early they merge and into what.
struct MergeTable: Sendable {
  struct Merge: Sendable {
    /// Position in the file; the lowest of a text's possible merges happens first.
    let rank: UInt32
    /// Identifier of the token that results.
    let result: UInt32
  }

  private var merges: [UInt64: Merge] = [:]

  /// Pairs in the table.
  var count: Int { merges.count }

  /// Sets the merge of a pair; a later one replaces an earlier one.
  mutating func set(_ left: UInt32, _ right: UInt32, _ merge: Merge) {
    merges[UInt64(left) << 32 | UInt64(right)] = merge
  }

  /// Makes room before many pairs are set.
  mutating func reserve(_ count: Int) { merges.reserveCapacity(count) }

  /// The merge of a pair, or `nil` if the two do not merge.
  subscript(left: UInt32, right: UInt32) -> Merge? { merges[UInt64(left) << 32 | UInt64(right)] }
}
