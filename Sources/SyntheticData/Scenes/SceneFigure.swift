/// An area of a picture, as the spans of columns that it covers at a height.
///
/// Lengths are in 64ths of a pixel, all integers, so that a figure covers the same on every machine.
struct SceneFigure {
  /// A closed outline.
  enum Part {
    /// Corners in order; inside is where a line to the outside crosses the outline an odd number of times.
    case polygon([(x: Int, y: Int)])
    case disc(x: Int, y: Int, radius: Int)
  }

  /// 64ths of a pixel in a pixel.
  static let unit = 64

  /// Parts that may overlap.
  var parts: [Part]
  /// What is cut out of the parts.
  var hole: Part?

  /// The lowest and the highest height that is covered.
  var heights: ClosedRange<Int> {
    var low = Int.max
    var high = Int.min
    for part in parts {
      switch part {
      case .polygon(let corners):
        for corner in corners {
          low = min(low, corner.y)
          high = max(high, corner.y)
        }
      case .disc(_, let y, let radius):
        low = min(low, y - radius)
        high = max(high, y + radius)
      }
    }
    return low <= high ? low...high : 0...0
  }

  /// The covered columns at a height, from left to right, apart from each other.
  func spans(at y: Int) -> [Range<Int>] {
    var spans = Self.united(parts.flatMap { Self.spans(of: $0, at: y) })
    guard let hole else { return spans }
    for cut in Self.spans(of: hole, at: y) {
      spans = spans.flatMap { span in
        [
          span.lowerBound..<max(min(span.upperBound, cut.lowerBound), span.lowerBound),
          min(max(span.lowerBound, cut.upperBound), span.upperBound)..<span.upperBound,
        ]
      }
    }
    return spans
  }

  private static func united(_ spans: [Range<Int>]) -> [Range<Int>] {
    guard spans.count > 1 else { return spans }
    var result: [Range<Int>] = []
    for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, span.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, span.upperBound)
      } else {
        result.append(span)
      }
    }
    return result
  }

  private static func spans(of part: Part, at y: Int) -> [Range<Int>] {
    switch part {
    case .disc(let x, let middle, let radius):
      let rest = radius * radius - (y - middle) * (y - middle)
      guard rest > 0 else { return [] }
      // IEEE 754 fixes the square root to the last bit.
      let half = Int(Double(rest).squareRoot())
      return [(x - half)..<(x + half)]
    case .polygon(let corners):
      var crossings: [Int] = []
      for index in corners.indices {
        let a = corners[index]
        let b = corners[index + 1 == corners.count ? 0 : index + 1]
        guard (a.y <= y) != (b.y <= y) else { continue }
        crossings.append(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y))
      }
      crossings.sort()
      return stride(from: 0, to: crossings.count - 1, by: 2).map { crossings[$0]..<crossings[$0 + 1] }
    }
  }
}
