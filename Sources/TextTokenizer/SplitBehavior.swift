/// What becomes of the matches of a splitting pattern.
enum SplitBehavior: String, Sendable, CaseIterable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  /// One stretch of a text; stretches follow each other without gaps.
  struct Stretch {
    var range: Range<Int>
    let isMatch: Bool
  }

  /// The parts that remain of a text.
  func parts(of stretches: [Stretch]) -> [Range<Int>] {
    switch self {
    case .isolated: return stretches.map(\.range)
    case .removed: return stretches.filter { !$0.isMatch }.map(\.range)
    case .contiguous: return joined(stretches) { previous, next in previous == next }
    case .mergedWithPrevious: return joined(stretches) { previous, next in next && !previous }
    case .mergedWithNext:
      var parts: [Range<Int>] = []
      var previous = false
      for stretch in stretches.reversed() {
        if stretch.isMatch, !previous, let last = parts.popLast() {
          parts.append(stretch.range.lowerBound..<last.upperBound)
        } else {
          parts.append(stretch.range)
        }
        previous = stretch.isMatch
      }
      return parts.reversed()
    }
  }

  private func joined(_ stretches: [Stretch], where joins: (_ previous: Bool, _ next: Bool) -> Bool) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var previous = false
    for stretch in stretches {
      if joins(previous, stretch.isMatch), let last = parts.popLast() {
        parts.append(last.lowerBound..<stretch.range.upperBound)
      } else {
        parts.append(stretch.range)
      }
      previous = stretch.isMatch
    }
    return parts
  }

  /// The stretches of a text of `count` bytes whose matches are known, in order.
  static func stretches(count: Int, matches: [Range<Int>], inverted: Bool) -> [Stretch] {
    var stretches: [Stretch] = []
    var end = 0
    for match in matches {
      if end < match.lowerBound { stretches.append(Stretch(range: end..<match.lowerBound, isMatch: inverted)) }
      stretches.append(Stretch(range: match, isMatch: !inverted))
      end = match.upperBound
    }
    if end < count { stretches.append(Stretch(range: end..<count, isMatch: inverted)) }
    return stretches
  }
}
