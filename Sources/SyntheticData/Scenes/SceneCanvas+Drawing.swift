extension SceneCanvas {
  /// Fills the rectangle between two columns and two rows, in thousandths of the side.
  mutating func fillRectangle(_ columns: Range<Int>, _ rows: Range<Int>, _ samples: [UInt8]) {
    fill(SceneFigure(parts: [rectangle(columns, rows)]), with: Paint(samples))
  }

  /// The rectangle between two columns and two rows, in thousandths of the side.
  func rectangle(_ columns: Range<Int>, _ rows: Range<Int>) -> SceneFigure.Part {
    let left = length(columns.lowerBound)
    let right = length(columns.upperBound)
    let top = length(rows.lowerBound)
    let bottom = length(rows.upperBound)
    return .polygon([(left, top), (right, top), (right, bottom), (left, bottom)])
  }

  /// Fills a polygon whose corners are in thousandths of the side.
  mutating func fillPolygon(_ corners: [(x: Int, y: Int)], _ samples: [UInt8]) {
    let points = corners.map { (x: length($0.x), y: length($0.y)) }
    fill(SceneFigure(parts: [.polygon(points)]), with: Paint(samples))
  }

  /// Fills a disc, less a part of another disc if there is one; lengths in thousandths of the side.
  mutating func fillDisc(
    x: Int, y: Int, radius: Int, without hole: (x: Int, y: Int, radius: Int)? = nil, _ samples: [UInt8]
  ) {
    let cut = hole.map { SceneFigure.Part.disc(x: length($0.x), y: length($0.y), radius: length($0.radius)) }
    fill(
      SceneFigure(parts: [.disc(x: length(x), y: length(y), radius: length(radius))], hole: cut), with: Paint(samples))
  }

  /// Draws an object with a line around it; on a picture of a place with a white border too, like a sticker, so that it
  /// is not taken for a part of the place.
  mutating func draw(_ object: SceneObject, asSticker: Bool) {
    if asSticker { fill(figure(of: object, percent: 115), with: Paint([255, 255, 255])) }
    fill(figure(of: object, percent: 108), with: Paint(object.color.outlineSamples))
    var paint = Paint(object.color.samples)
    let side = length(object.size.side)
    switch object.texture {
    case .solid: break
    case .striped:
      paint.pattern = (object.color.patternSamples, .bands(top: length(object.y) - side / 2, period: side / 4))
    case .dotted:
      let steps = [-1, 0, 1]
      let dots = steps.flatMap { row in
        steps.map { column in
          SceneFigure.Part.disc(
            x: length(object.x) + column * side * 3 / 10, y: length(object.y) + row * side * 3 / 10, radius: side / 11)
        }
      }
      paint.pattern = (object.color.patternSamples, .figure(SceneFigure(parts: dots)))
    }
    fill(figure(of: object, percent: 100), with: paint)
  }

  private func figure(of object: SceneObject, percent: Int) -> SceneFigure {
    let side = length(object.size.side)
    let x = length(object.x)
    let y = length(object.y)
    // Shapes are stated in thousandths of their own side.
    func scaled(_ value: Int, _ percent: Int) -> Int { value * side * percent / 100_000 }
    func placed(_ part: SceneFigure.Part, _ percent: Int) -> SceneFigure.Part {
      switch part {
      case .polygon(let corners):
        .polygon(corners.map { (x: x + scaled($0.x, percent), y: y + scaled($0.y, percent)) })
      case .disc(let dx, let dy, let radius):
        .disc(x: x + scaled(dx, percent), y: y + scaled(dy, percent), radius: scaled(radius, percent))
      }
    }
    return SceneFigure(
      parts: object.shape.parts.map { placed($0, percent) }, hole: object.shape.hole.map { placed($0, 200 - percent) })
  }
}

extension SceneShape {
  /// The outline around the middle, in thousandths of the side.
  fileprivate var parts: [SceneFigure.Part] {
    switch self {
    case .circle, .ring: [.disc(x: 0, y: 0, radius: 500)]
    case .square: [.polygon([(-440, -440), (440, -440), (440, 440), (-440, 440)])]
    case .triangle: [.polygon([(0, -480), (500, 420), (-500, 420)])]
    case .diamond: [.polygon([(0, -500), (400, 0), (0, 500), (-400, 0)])]
    case .cross:
      [
        .polygon([
          (-165, -500), (165, -500), (165, -165), (500, -165), (500, 165), (165, 165), (165, 500), (-165, 500),
          (-165, 165), (-500, 165), (-500, -165), (-165, -165),
        ])
      ]
    case .star:
      [
        .polygon([
          (0, -490), (139, -156), (499, -127), (224, 108), (309, 460), (0, 271), (-309, 460), (-224, 108),
          (-499, -127), (-139, -156),
        ])
      ]
    case .heart:
      [
        .disc(x: -240, y: -190, radius: 260), .disc(x: 240, y: -190, radius: 260),
        .polygon([(-462, -55), (-240, -190), (240, -190), (462, -55), (0, 490)]),
      ]
    }
  }

  fileprivate var hole: SceneFigure.Part? { self == .ring ? .disc(x: 0, y: 0, radius: 270) : nil }
}
