/// Marks of points, which tell kinds apart where colours cannot be told apart.
enum PlotShape: CaseIterable {
  case circle, square, diamond, triangle, wedge, cross

  /// A mark around a place; the title shows when the pointer rests on it.
  func markup(_ x: Double, _ y: Double, _ radius: Double, _ style: String, title: String?) -> Markup {
    let content = title.map { title in element("title") { Markup(name: title) } } ?? Markup()
    if self == .circle {
      return Markup(
        "circle", ["cx": PlotFrame.px(x), "cy": PlotFrame.px(y), "r": PlotFrame.px(radius), "class": style], content)
    }
    let points = corners.map { (x + $0.0 * radius, y + $0.1 * radius) }
    let path = points.map { "\(PlotFrame.px($0.0)),\(PlotFrame.px($0.1))" }.joined(separator: " ")
    return Markup("polygon", ["points": path, "class": style], content)
  }

  private var corners: [(Double, Double)] {
    switch self {
    case .circle: []
    case .square: [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]
    case .diamond: [(0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)]
    case .triangle: [(0, -1.2), (1.15, 0.9), (-1.15, 0.9)]
    case .wedge: [(0, 1.2), (1.15, -0.9), (-1.15, -0.9)]
    case .cross:
      [
        (-1.1, -0.6), (-0.6, -1.1), (0, -0.5), (0.6, -1.1), (1.1, -0.6), (0.5, 0), (1.1, 0.6), (0.6, 1.1), (0, 0.5),
        (-0.6, 1.1), (-1.1, 0.6), (-0.5, 0),
      ]
    }
  }
}
