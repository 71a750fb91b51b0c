/// The relative error of one part's activations in the order of computation.
struct LayerPlot {
  private let part: ActivationPart
  private let series: [(name: String, part: ActivationPart, points: [ActivationDifference])]
  private let frame: PlotFrame
  private let scale: PlotScale
  /// Horizontal place of each point, by its order.
  private let places: [Int: Double]

  /// Lays the points of a part out; nil if there are none.
  init?(_ findings: ReportFindings, _ part: ActivationPart) {
    self.part = part
    series = findings.series.filter { $0.part == part }
    let points = series.flatMap(\.points).sorted { $0.order < $1.order }
    guard !points.isEmpty else { return nil }
    // A point that is not one of a series has its name written below it, which needs room.
    let lonely = Set(series.filter { $0.points.count == 1 }.flatMap { $0.points.map(\.order) })
    var frame = PlotFrame()
    let longest = points.filter { lonely.contains($0.order) }.map { Self.shortName($0).columnCount }.max() ?? 0
    frame.bottom = 32 + Double(longest) * 4.4
    frame.height = 250 + frame.bottom
    self.frame = frame
    let inner = frame.innerRight - frame.left - 24
    let lonelyWidth = min(17, inner / 2 / Double(max(1, lonely.count)))
    let others = max(1, points.count - lonely.count)
    let layerWidth = min(40, (inner - lonelyWidth * Double(lonely.count)) / Double(others))
    var places: [Int: Double] = [:]
    var x = frame.left + 12
    for point in points {
      let width = lonely.contains(point.order) ? lonelyWidth : layerWidth
      places[point.order] = x + width / 2
      x += width
    }
    // What is left over goes between the points.
    let stretch = inner / max(1, x - frame.left - 12)
    self.places = places.mapValues { frame.left + 12 + ($0 - frame.left - 12) * stretch }
    scale = PlotScale(
      points.flatMap { [$0.relativeError] + ($0.ownError.map { [$0] } ?? []) }, from: frame.innerBottom, to: frame.top)
  }

  var markup: Markup {
    let title = part == .vision ? "Vision: tower, projectors, latents" : "Language: embeddings, decoder, logits"
    return frame.figure(title, label: "Relative error by layer, \(part.rawValue)") {
      frame.verticalAxis(scale, title: "relative error")
      for (index, line) in series.enumerated() {
        drawn(line.points, line.points.count > 1 ? "s\(colorIndex(index) % 4)" : "lone")
      }
      frame.line(frame.left, frame.innerBottom, frame.innerRight, frame.innerBottom, "base")
      legend
    }
  }

  private func colorIndex(_ index: Int) -> Int { series[..<index].count { $0.points.count > 1 } }

  private var legend: Markup {
    let named = series.enumerated().filter { $1.points.count > 1 }.prefix(3)
    return frame.legend(
      named.map { index, line in
        (line.name.nameTruncated(toColumns: 24), "s\(colorIndex(index) % 4)", PlotShape.circle)
      })
  }

  @MarkupBuilder private func drawn(_ points: [ActivationDifference], _ style: String) -> Markup {
    for point in points {
      if let own = point.ownError, let y = scale.position(own), own > 0 {
        let x = place(point)
        frame.line(x, frame.innerBottom, x, y, "own \(style)")
      }
    }
    if points.count > 1 {
      element("polyline", ["points": path(points), "class": "path \(style)"])
      numbers(points)
    }
    for point in points {
      dot(point, style)
      if points.count == 1 { below(point) }
    }
  }

  /// Layers' numbers below the axis, as many as have room beside those of the next series.
  @MarkupBuilder private func numbers(_ points: [ActivationDifference]) -> Markup {
    let spacing = width(points) / Double(points.count - 1)
    let every = max(1, Int((22 / max(0.1, spacing)).rounded(.up)))
    for index in stride(from: 0, to: points.count, by: every) {
      if index == 0 || Double(points.count - index) * spacing > 16 {
        frame.label(points[index].layer.map(String.init) ?? "", place(points[index]), frame.innerBottom + 16, "middle")
      }
    }
  }

  private func width(_ points: [ActivationDifference]) -> Double {
    guard let first = points.first, let last = points.last else { return 0 }
    return place(last) - place(first)
  }

  private func path(_ points: [ActivationDifference]) -> String {
    points.compactMap { point in
      guard point.relativeError.isFinite else { return nil }
      return "\(PlotFrame.px(place(point))),\(PlotFrame.px(height(point)))"
    }.joined(separator: " ")
  }

  private func dot(_ point: ActivationDifference, _ style: String) -> Markup {
    let isFinite = point.relativeError.isFinite
    let title =
      "\(point.point): relative error \(ReportFormat.significant(point.relativeError)), cosine "
      + ReportFormat.fixed(point.cosine, 5) + (point.ownError.map { ", alone \(ReportFormat.significant($0))" } ?? "")
      + (point.bad.map { ", \($0.rawValue)" } ?? "")
    let isBad = point.bad != nil || !isFinite
    return (isFinite ? PlotShape.circle : .cross).markup(
      place(point), height(point), isBad ? 5.5 : 3, isBad ? "flagged" : "dot \(style)", title: title)
  }

  /// The name of a point, slanted; one near the left edge is cut to what fits.
  private func below(_ point: ActivationDifference) -> Markup {
    let place = place(point) + 4
    let room = max(4, Int(place / 4.6))
    let (x, y) = (PlotFrame.px(place), PlotFrame.px(frame.innerBottom + 22))
    return element(
      "text", ["transform": "translate(\(x) \(y)) rotate(-45)", "text-anchor": "end", "class": "tick"]
    ) { Markup(name: Self.shortName(point).nameTruncated(toColumns: room)) }
  }

  private func place(_ point: ActivationDifference) -> Double { places[point.order] ?? frame.left }

  /// An error of 0 lies on the axis, one that is not finite at the top.
  private func height(_ point: ActivationDifference) -> Double {
    scale.position(point.relativeError) ?? (point.relativeError == 0 ? frame.innerBottom : frame.top)
  }

  private static func shortName(_ point: ActivationDifference) -> String {
    point.point.nameTruncated(toColumns: 22)
  }
}
