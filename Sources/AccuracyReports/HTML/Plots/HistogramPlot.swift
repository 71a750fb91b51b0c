import Foundation

/// How many positions diverge how much.
struct HistogramPlot {
  private let edges: [Double]
  private let bars: [(name: String, style: String, shares: [Double], counts: [Int])]

  /// Prompts with and without pictures side by side where both were compared in the same ranges, else all together.
  init?(_ outputs: OutputDifferences) {
    var shown: [(String, String, ReportedHistogram)] = []
    if let image = outputs.image?.histogram, let text = outputs.text?.histogram, image.edges == text.edges,
      image.binCount == text.binCount
    {
      shown = [("with a picture", "s0", image), ("text alone", "s1", text)]
    } else if let all = (outputs.all ?? outputs.image ?? outputs.text)?.histogram {
      shown = [("all prompts", "s0", all)]
    }
    let used = (0..<(shown.first?.2.binCount ?? 0)).filter { bin in shown.contains { $0.2.counts[bin] > 0 } }
    guard let first = used.first, let last = used.last, let edges = shown.first?.2.edges else { return nil }
    self.edges = Array(edges[first...(last + 1)])
    bars = shown.map { name, style, histogram in
      let counts = Array(histogram.counts[first...last])
      let total = Double(max(1, histogram.counts.reduce(0, +)))
      return (name, style, counts.map { Double($0) / total }, counts)
    }
  }

  var markup: Markup {
    let frame = PlotFrame()
    let scale = PlotScale(
      bars.flatMap(\.shares), logarithmic: false, from: frame.innerBottom, to: frame.top)
    let binCount = edges.count - 1
    let step = (frame.innerRight - frame.left) / Double(binCount)
    let barWidth = step * 0.84 / Double(bars.count)
    return frame.figure(
      "How many positions diverge how much", label: "Histogram of the divergence by position, in nats"
    ) {
      frame.verticalAxis(scale, title: "share of positions") { ReportFormat.plain(($0 * 1000).rounded() / 10) + " %" }
      for (index, bar) in bars.enumerated() {
        for bin in 0..<binCount {
          if let y = scale.position(bar.shares[bin]), bar.counts[bin] > 0 {
            let x = frame.left + step * (Double(bin) + 0.08) + barWidth * Double(index)
            rectangle(x, y, barWidth, frame.innerBottom - y, bar.style, title(bar.name, bin, bar.counts[bin]))
          }
        }
      }
      frame.line(frame.left, frame.innerBottom, frame.innerRight, frame.innerBottom, "base")
      for edge in namedEdges {
        frame.label(ReportFormat.edge(edges[edge]), frame.left + step * Double(edge), frame.innerBottom + 17, "middle")
      }
      frame.label(
        "divergence, nats", (frame.left + frame.innerRight) / 2, frame.innerBottom + 37, "middle", "title")
      frame.legend(bars.map { ($0.name, $0.style, .square) })
    }
  }

  /// Edges with a number below them: powers of ten where there are some, and no more than have room.
  private var namedEdges: [Int] {
    let round = edges.indices.filter { edge in
      let exponent = log10(edges[edge])
      return edges[edge] == 0 || (exponent - exponent.rounded()).magnitude < 1e-9
    }
    let candidates = round.count > 3 ? round : Array(edges.indices)
    let every = max(1, (candidates.count + 11) / 12)
    return stride(from: 0, to: candidates.count, by: every).map { candidates[$0] }
  }

  private func title(_ name: String, _ bin: Int, _ count: Int) -> String {
    "\(ReportFormat.edge(edges[bin])) to \(ReportFormat.edge(edges[bin + 1])) nats: \(count) positions, \(name)"
  }

  private func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, _ title: String
  ) -> Markup {
    element(
      "rect",
      [
        "x": PlotFrame.px(x), "y": PlotFrame.px(y), "width": PlotFrame.px(width), "height": PlotFrame.px(height),
        "class": style,
      ]
    ) { element("title") { title } }
  }
}
