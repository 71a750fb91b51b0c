/// Finds the known name that a misspelt one was probably meant to be, with bounded work.
///
/// Names are compared with their numbers taken out, so a model has about a hundred candidates whatever its depth. At
/// most ``maximumSearchCount`` different patterns are searched for, none longer than ``maximumLength`` bytes, and each
/// comparison stops outside of a narrow band around the diagonal.
package struct NearestName {
  package static let maximumSearchCount = 64
  static let maximumLength = 200

  private let known: [(text: [UInt8], pattern: String, example: String)]
  private let patterns: Set<String>
  private let names: Set<String>
  private var found: [String: Int?] = [:]

  package init(_ names: [String]) {
    var seen: Set<String> = []
    known = names.compactMap { name in
      let pattern = LayerPattern(name).text
      return seen.insert(pattern).inserted ? (Array(pattern.utf8), pattern, name) : nil
    }
    patterns = seen
    self.names = Set(names)
  }

  /// Whether a name differs from a known one in its numbers only.
  package func isKnownPattern(_ name: String) -> Bool { patterns.contains(LayerPattern(name).text) }

  /// The nearest known name with the same numbers where the model has them; `nil` if none is near, or if the pattern
  /// is known and only the numbers are not.
  package mutating func nearest(to name: String) -> String? {
    guard name.utf8.count <= NearestName.maximumLength else { return nil }
    let pattern = LayerPattern(name)
    let index: Int?
    if let earlier = found[pattern.text] {
      index = earlier
    } else {
      guard found.count < NearestName.maximumSearchCount else { return nil }
      index = search(pattern.text)
      found[pattern.text] = index
    }
    guard let index else { return nil }
    guard let candidate = LayerPattern.name(known[index].pattern, numbers: pattern.numbers), names.contains(candidate)
    else { return known[index].example }
    return candidate
  }

  private func search(_ text: String) -> Int? {
    guard !patterns.contains(text) else { return nil }
    let bytes = Array(text.utf8)
    // A third of a short name may differ, or twelve bytes of a long one; beyond that a suggestion misleads more than it helps.
    var limit = min(max(bytes.count / 3, 1), 12)
    var best: Int?
    for (index, candidate) in known.enumerated() {
      guard let distance = NearestName.distance(bytes, candidate.text, limit: limit) else { continue }
      best = index
      limit = distance - 1
      if limit == 0 { break }
    }
    return best
  }

  /// Insertions, deletions and substitutions from one text to the other, or `nil` if they are more than `limit`.
  package static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int? {
    guard abs(a.count - b.count) <= limit else { return nil }
    let far = limit + 1
    var previous = (0...b.count).map { min($0, far) }
    var current = [Int](repeating: far, count: b.count + 1)
    for row in 0..<a.count {
      current[0] = min(row + 1, far)
      let band = max(0, row - limit)..<max(0, row - limit, min(b.count, row + limit + 1))
      if band.lowerBound > 0 { current[band.lowerBound] = far }
      var smallest = current[0]
      for column in band {
        let substituted = previous[column] + (a[row] == b[column] ? 0 : 1)
        let value = min(substituted, previous[column + 1] + 1, current[column] + 1, far)
        current[column + 1] = value
        smallest = min(smallest, value)
      }
      if band.upperBound < b.count { current[band.upperBound + 1] = far }
      guard smallest <= limit else { return nil }
      swap(&previous, &current)
    }
    return previous[b.count] <= limit ? previous[b.count] : nil
  }
}
