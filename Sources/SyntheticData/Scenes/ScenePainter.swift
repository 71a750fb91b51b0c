/// Draws scenes.
///
/// Everything is computed in integers, so a scene has the same pixels on every machine.
public struct ScenePainter: Sendable {
  /// Sides that can be drawn, in pixels: below, words cannot be read; above, nothing is gained.
  public static let sides = 64...1024

  /// Pixels of a row, and rows.
  public let side: Int

  /// Makes a painter of square pictures.
  ///
  /// - Precondition: `side` is one of ``sides``.
  public init(side: Int) {
    precondition(Self.sides.contains(side), "pictures of side \(side)")
    self.side = side
  }

  /// Red, green and blue samples, interleaved, rows from top to bottom: 3 * ``side`` * ``side`` of them.
  public func samples(of scene: Scene) -> [UInt8] {
    var canvas = SceneCanvas(side: side)
    var isPlace = false
    switch scene.backdrop {
    case .plain(let background): canvas.fillRows(0..<1000, from: background.samples, to: background.samples)
    case .place(let place, let time):
      isPlace = true
      // The same place at another spot looks a little different; the objects' positions are as good as chance.
      let variant = scene.objects.reduce(0) { $0 + $1.x + 3 * $1.y }
      canvas.draw(place, time, variant: variant)
    }
    if let text = scene.text { canvas.draw(text) }
    if scene.isDivided { canvas.fillRectangle(488..<512, 0..<1000, [15, 15, 15]) }
    for object in scene.objects { canvas.draw(object, asSticker: isPlace) }
    return canvas.bytes
  }
}

extension SceneCanvas {
  /// Draws a board with its letters, each dot 28 thousandths wide: a letter is a fifth of the picture high.
  fileprivate mutating func draw(_ text: SceneText) {
    let dot = 28
    let top = text.row * 333
    let isBright = text.color == .white || text.color == .yellow || text.color == .orange
    fillRectangle(32..<968, (top + 27)..<(top + 306), [15, 15, 15])
    fillRectangle(42..<958, (top + 37)..<(top + 296), isBright ? [45, 45, 45] : [245, 245, 245])
    let characters = Array(text.characters.utf8)
    let step = SceneFont.width + 1
    let left = 500 - (characters.count * step - 1) * dot / 2
    let firstRow = top + 167 - SceneFont.height * dot / 2
    for (index, character) in characters.enumerated() {
      // One figure for a character, so that no seam shows between its dots.
      var parts: [SceneFigure.Part] = []
      for (row, bits) in SceneFont.rows(of: character).enumerated() {
        for run in Self.runs(of: bits) {
          let x = left + (index * step + run.lowerBound) * dot
          parts.append(rectangle(x..<(x + run.count * dot), (firstRow + row * dot)..<(firstRow + (row + 1) * dot)))
        }
      }
      fill(SceneFigure(parts: parts), with: Paint(text.color.samples))
    }
  }

  /// Dots that are set, as ranges of neighbours.
  private static func runs(of bits: UInt8) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for dot in 0..<SceneFont.width where bits >> UInt8(SceneFont.width - 1 - dot) & 1 == 1 {
      if let last = runs.last, last.upperBound == dot {
        runs[runs.count - 1] = last.lowerBound..<(dot + 1)
      } else {
        runs.append(dot..<(dot + 1))
      }
    }
    return runs
  }
}
