import Foundation

/// Stored size of the tensors against their error: what is high and far left is cheap to keep wider.
struct ScatterPlot {
  private let tensors: [TensorDifference]
  private let exactCount: Int

  /// Takes the tensors that differ; nil if there are none.
  init?(_ tensors: [TensorDifference]) {
    self.tensors = tensors.filter { !$0.isExact && $0.weightCount > 0 && Self.byteCount($0).isFinite }
    exactCount = tensors.count - self.tensors.count
    guard !self.tensors.isEmpty else { return nil }
  }

  private static func byteCount(_ tensor: TensorDifference) -> Double {
    max(1, Double(tensor.weightCount) * tensor.storedBitsPerWeight / 8)
  }

  private static func color(_ part: ModelPart) -> (style: String, shape: PlotShape) {
    switch part {
    case .vision: ("p0", .circle)
    case .projector: ("p1", .square)
    case .sampler: ("p2", .diamond)
    case .language: ("p3", .triangle)
    case .embedding: ("p4", .wedge)
    case .head: ("p5", .wedge)
    }
  }

  var markup: Markup {
    var frame = PlotFrame()
    frame.width = 1120
    frame.height = 400
    frame.left = 64
    let ys = PlotScale(tensors.map(\.relativeError), logarithmic: true, from: frame.innerBottom, to: frame.top)
    let xs = PlotScale(tensors.map(Self.byteCount), logarithmic: true, from: frame.left + 10, to: frame.innerRight - 10)
    let labels = chosenLabels(frame, xs, ys)
    let note = exactCount > 0 ? "; \(exactCount) exact tensors are not shown" : ""
    return element("div", ["class": "wide"]) {
      frame.figure(
        "Size against error, a mark for each tensor\(note)",
        label: "Relative error of the tensors against their size on disk, both logarithmic"
      ) {
        frame.verticalAxis(ys, title: "relative error")
        for tick in xs.ticks {
          if let x = xs.position(tick) {
            frame.line(x, frame.top, x, frame.innerBottom, "grid")
            frame.label(Self.bytes(tick), x, frame.innerBottom + 17, "middle")
          }
        }
        frame.label(
          "size on disk", (frame.left + frame.innerRight) / 2, frame.innerBottom + 37, "middle", "title")
        for tensor in tensors { mark(tensor, frame, xs, ys) }
        for label in labels { frame.label(label.text, label.x, label.y, label.anchor, "name") }
        legend(frame)
      }
    }
  }

  /// A round size without decimals: `20 kB`.
  private static func bytes(_ count: Double) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    let unit = min(units.count - 1, max(0, Int(log10(count) + 1e-9) / 3))
    return ReportFormat.plain(count / pow(1000, Double(unit))) + " " + units[unit]
  }

  private func legend(_ frame: PlotFrame) -> Markup {
    frame.legend(
      ModelPart.allCases.filter { part in tensors.contains { $0.part == part } }.map { part in
        (part.rawValue, Self.color(part).style, Self.color(part).shape)
      })
  }

  private func place(
    _ tensor: TensorDifference, _ frame: PlotFrame, _ xs: PlotScale, _ ys: PlotScale
  ) -> (x: Double, y: Double) {
    let y = ys.position(tensor.relativeError) ?? (tensor.relativeError == 0 ? frame.innerBottom : frame.top)
    return (xs.position(Self.byteCount(tensor)) ?? frame.left, y)
  }

  private func mark(_ tensor: TensorDifference, _ frame: PlotFrame, _ xs: PlotScale, _ ys: PlotScale) -> Markup {
    let (x, y) = place(tensor, frame, xs, ys)
    let (style, shape) = Self.color(tensor.part)
    let size = ReportFormat.bytes(Int(min(1e15, Self.byteCount(tensor))))
    let title =
      "\(tensor.name)\n\(tensor.scheme), \(ReportFormat.fixed(tensor.storedBitsPerWeight, 2)) bits per weight, "
      + "\(size)\nrelative error \(ReportFormat.significant(tensor.relativeError)), SQNR "
      + "\(ReportFormat.decibels(tensor.signalToNoise)) dB"
    return shape.markup(x, y, 4.5, "mark \(style)", title: title)
  }

  /// Names of the worst tensors, as many as fit without lying over one another.
  private func chosenLabels(
    _ frame: PlotFrame, _ xs: PlotScale, _ ys: PlotScale
  ) -> [(text: String, x: Double, y: Double, anchor: String)] {
    var taken: [(x: ClosedRange<Double>, y: ClosedRange<Double>)] = []
    var result: [(text: String, x: Double, y: Double, anchor: String)] = []
    let worst = tensors.sorted { ($0.relativeError.isNaN ? .infinity : $0.relativeError) > $1.relativeError }
    let marks = tensors.map { place($0, frame, xs, ys) }
    for tensor in worst.prefix(60) where result.count < 10 {
      let (x, y) = place(tensor, frame, xs, ys)
      let text = tensor.name.nameTruncated(toColumns: 36)
      let width = PlotFrame.textWidth(text)
      let fitsRight = x + 9 + width < frame.innerRight
      let box = fitsRight ? (x + 9)...(x + 9 + width) : (x - 9 - width)...(x - 9)
      let rows = (y - 7)...(y + 7)
      let isFree = !taken.contains { $0.x.overlaps(box) && $0.y.overlaps(rows) }
      guard isFree, !marks.contains(where: { box.contains($0.x) && rows.contains($0.y) }) else { continue }
      taken.append((box, rows))
      result.append((text, fitsRight ? x + 9 : x - 9, y + 4, fitsRight ? "start" : "end"))
    }
    return result
  }
}
