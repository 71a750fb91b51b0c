import Foundation

/// The paper that a plot is drawn on: size, margins, axes.
struct PlotFrame {
  var width = 560.0
  var height = 320.0
  var left = 56.0
  var right = 14.0
  var top = 34.0
  var bottom = 46.0

  var innerRight: Double { width - right }
  var innerBottom: Double { height - bottom }

  /// A figure with a caption; the label says in words what the picture shows.
  func figure(_ caption: String, label: String, @MarkupBuilder _ content: () -> Markup) -> Markup {
    let drawing = content()
    return element("figure") {
      element("figcaption") { caption }
      element("svg", ["viewBox": "0 0 \(Self.px(width)) \(Self.px(height))", "role": "img", "aria-label": label]) {
        drawing
      }
    }
  }

  /// The vertical axis: lines across the plot and what they stand for.
  func verticalAxis(_ scale: PlotScale, title: String, text: (Double) -> String = ReportFormat.plain) -> Markup {
    element("g", ["class": "axis"]) {
      for tick in scale.ticks {
        if let y = scale.position(tick) {
          line(left, y, innerRight, y, "grid")
          label(text(tick), left - 8, y + 4, "end")
        }
      }
      label(title, 0, 12, "start", "title")
    }
  }

  /// A straight line.
  func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> Markup {
    element(
      "line", ["x1": Self.px(x1), "y1": Self.px(y1), "x2": Self.px(x2), "y2": Self.px(y2), "class": style])
  }

  /// A word at a place; `anchor` is `start`, `middle` or `end`.
  func label(_ text: String, _ x: Double, _ y: Double, _ anchor: String, _ style: String = "tick") -> Markup {
    element("text", ["x": Self.px(x), "y": Self.px(y), "text-anchor": anchor, "class": style]) { Markup(name: text) }
  }

  /// Names of colours in a row above the plot, from the right edge.
  func legend(_ entries: [(text: String, style: String, shape: PlotShape)]) -> Markup {
    var x = innerRight - entries.reduce(0) { $0 + Self.textWidth($1.text) + 28 }
    return element("g", ["class": "legend"]) {
      for entry in entries {
        let place = x + 8
        let _ = x += Self.textWidth(entry.text) + 28
        entry.shape.markup(place, 9, 4.5, entry.style, title: nil)
        label(entry.text, place + 9, 13, "start", "tick")
      }
    }
  }

  /// A coordinate with one decimal.
  static func px(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// About how wide a text is at the size of ticks.
  static func textWidth(_ text: String) -> Double { Double(text.columnCount) * 6.4 }
}
