/// Pixels that figures are drawn on, with soft edges: a pixel takes part of a colour where a figure covers part of it.
struct SceneCanvas {
  /// What a figure is filled with.
  struct Paint {
    var samples: [UInt8]
    /// A second colour and where it goes, in the figure.
    var pattern: (samples: [UInt8], area: Area)?

    enum Area {
      /// Bands of half the period, the first one half a period below `top`.
      case bands(top: Int, period: Int)
      case figure(SceneFigure)
    }

    init(_ samples: [UInt8]) { self.samples = samples }
  }

  /// Pixels of a row and rows.
  let side: Int
  /// Red, green and blue samples, row by row.
  private(set) var bytes: [UInt8]
  /// How much of each pixel of a row is covered, of ``full``.
  private var coverage: [Int]
  private var patternCoverage: [Int]

  private static let linesPerRow = 4
  private static let full = linesPerRow * SceneFigure.unit

  init(side: Int) {
    self.side = side
    bytes = [UInt8](repeating: 0, count: 3 * side * side)
    coverage = [Int](repeating: 0, count: side)
    patternCoverage = coverage
  }

  /// A length in thousandths of the side as 64ths of a pixel.
  func length(_ thousandths: Int) -> Int { thousandths * side * SceneFigure.unit / 1000 }

  /// Fills whole rows, from one colour at the top to another at the bottom; rows in thousandths.
  mutating func fillRows(_ rows: Range<Int>, from top: [UInt8], to bottom: [UInt8]) {
    let first = rows.lowerBound * side / 1000
    let end = rows.upperBound * side / 1000
    for row in first..<max(end, first) {
      let samples = (0..<3).map { channel in
        UInt8((Int(top[channel]) * (end - row) + Int(bottom[channel]) * (row - first)) / max(end - first, 1))
      }
      for column in 0..<side { set(samples, at: 3 * (row * side + column)) }
    }
  }

  /// Fills a figure.
  mutating func fill(_ figure: SceneFigure, with paint: Paint) {
    let unit = SceneFigure.unit
    let heights = figure.heights
    let firstRow = max(heights.lowerBound / unit, 0)
    let lastRow = min(heights.upperBound / unit, side - 1)
    guard firstRow <= lastRow else { return }
    for row in firstRow...lastRow {
      var left = side
      var right = 0
      for line in 0..<Self.linesPerRow {
        let y = row * unit + (2 * line + 1) * unit / (2 * Self.linesPerRow)
        for span in figure.spans(at: y) {
          let covered = Self.add(span, to: &coverage, side: side)
          guard !covered.isEmpty else { continue }
          left = min(left, covered.lowerBound)
          right = max(right, covered.upperBound)
        }
        guard let pattern = paint.pattern else { continue }
        switch pattern.area {
        case .bands(let top, let period):
          if (y - top) >= 0, (y - top) % period * 2 >= period {
            _ = Self.add(0..<(side * unit), to: &patternCoverage, side: side)
          }
        case .figure(let figure):
          for span in figure.spans(at: y) { _ = Self.add(span, to: &patternCoverage, side: side) }
        }
      }
      if left < right { blend(left..<right, row: row, paint) }
      guard paint.pattern != nil else { continue }
      for column in patternCoverage.indices { patternCoverage[column] = 0 }
    }
  }

  /// Adds one line's span to the coverage of a row; returns the columns that it touches.
  private static func add(_ span: Range<Int>, to coverage: inout [Int], side: Int) -> Range<Int> {
    let unit = SceneFigure.unit
    let left = max(span.lowerBound, 0)
    let right = min(span.upperBound, side * unit)
    guard left < right else { return 0..<0 }
    let first = left / unit
    let last = (right - 1) / unit
    if first == last {
      coverage[first] += right - left
    } else {
      coverage[first] += unit - left % unit
      for column in (first + 1)..<last { coverage[column] += unit }
      coverage[last] += right - last * unit
    }
    return first..<(last + 1)
  }

  private mutating func blend(_ columns: Range<Int>, row: Int, _ paint: Paint) {
    for column in columns {
      let amount = coverage[column]
      coverage[column] = 0
      guard amount > 0 else { continue }
      let offset = 3 * (row * side + column)
      for channel in 0..<3 {
        var sample = Int(paint.samples[channel])
        if let pattern = paint.pattern {
          let part = patternCoverage[column]
          sample += (Int(pattern.samples[channel]) - sample) * part / Self.full
        }
        let old = Int(bytes[offset + channel])
        bytes[offset + channel] = UInt8((old * (Self.full - amount) + sample * amount) / Self.full)
      }
    }
  }

  private mutating func set(_ samples: [UInt8], at offset: Int) {
    bytes[offset] = samples[0]
    bytes[offset + 1] = samples[1]
    bytes[offset + 2] = samples[2]
  }
}
