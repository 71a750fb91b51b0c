/// Lays out scenes.
///
/// A scene is laid out around an answer where chance would make some answers rare: the number of red objects is drawn
/// first, then objects to fit.
struct SceneGenerator {
  private(set) var random: SceneRandom

  init(random: SceneRandom) { self.random = random }

  /// Middles of the three columns and rows, in thousandths of the side.
  static let thirds = [180, 500, 820]

  mutating func draft(of kind: SceneKind) -> SceneDraft {
    switch kind {
    case .objects: objectDraft()
    case .place: SceneDraft(scene: placeScene())
    case .text: SceneDraft(scene: textScene())
    case .contrast: SceneDraft(scene: contrastScene())
    }
  }

  // MARK: Objects on a plain colour

  private mutating func objectDraft() -> SceneDraft {
    let background = random.element(of: SceneBackground.allCases)
    let shapes = random.shuffled(SceneShape.allCases)
    let colors = random.shuffled(SceneColor.allCases)
    var featured = SceneFilter()
    var total = random.number(in: 1...5)
    var alike = total
    let grouping = random.below(8)
    if grouping >= 2 {
      alike = random.number(in: 0...5)
      total = random.number(in: max(alike, 2)...5)
      if grouping < 5 { featured.shape = shapes[0] } else { featured.color = colors[0] }
    }
    let shapePool = random.number(in: 1...3)
    let colorPool = random.number(in: 1...3)
    let cells = random.shuffled(Array(0..<9))
    let sizes = self.sizes(count: total)
    let objects = (0..<total).map { index in
      // The first of each list is the group's own; others keep away from it.
      let shape = featured.shape == nil ? shapes[random.below(shapePool)] : shapes[1 + random.below(shapePool)]
      let color = featured.color == nil ? colors[random.below(colorPool)] : colors[1 + random.below(colorPool)]
      return object(
        shape: featured.shape != nil && index < alike ? shapes[0] : shape,
        color: featured.color != nil && index < alike ? colors[0] : color, size: sizes[index], cell: cells[index])
    }
    return SceneDraft(
      scene: Scene(backdrop: .plain(background), objects: random.shuffled(objects)), featured: .count(featured))
  }

  /// Often just one object is of its size, so that there is a largest or a smallest to ask for.
  private mutating func sizes(count: Int) -> [SceneSize] {
    let mode = random.below(3)
    guard mode < 2 else { return (0..<count).map { _ in random.element(of: SceneSize.allCases) } }
    let single = random.below(count)
    return (0..<count).map { ($0 == single) == (mode == 0) ? .large : .small }
  }

  private mutating func object(shape: SceneShape, color: SceneColor, size: SceneSize, cell: Int) -> SceneObject {
    let jitter = size == .small ? 45 : 10
    return SceneObject(
      shape: shape, color: color, size: size, texture: random.element(of: SceneTexture.allCases),
      x: Self.thirds[cell % 3] + random.number(in: -jitter...jitter),
      y: Self.thirds[cell / 3] + random.number(in: -jitter...jitter))
  }

  // MARK: Places

  private mutating func placeScene() -> Scene {
    let place = random.element(of: ScenePlace.allCases)
    let time = random.element(of: SceneTime.allCases)
    let shapes = random.shuffled(SceneShape.allCases.filter { !place.lookalikes.contains($0) })
    // The sun and the moon have the upper right corner for themselves.
    let cells = random.shuffled([0, 1, 3, 4, 5, 6, 7, 8])
    let objects = (0..<random.number(in: 1...2)).map { index in
      object(
        shape: shapes[index], color: random.element(of: SceneColor.allCases),
        size: random.element(of: SceneSize.allCases), cell: cells[index])
    }
    return Scene(backdrop: .place(place, time), objects: objects)
  }

  // MARK: Printed words

  private mutating func textScene() -> Scene {
    let background = random.element(of: SceneBackground.allCases)
    // The length is drawn before the word, because questions ask for it.
    let length = random.number(in: 3...5)
    let words = random.chance(3, of: 4) ? SceneText.words.filter { $0.utf8.count == length } : SceneText.numbers
    let characters = random.element(of: words)
    let row = random.below(3)
    let text = SceneText(characters: characters, color: random.element(of: SceneColor.allCases), row: row)
    var scene = Scene(backdrop: .plain(background), objects: [], text: text)
    let shapes = random.shuffled(SceneShape.allCases.filter { !scene.mistakableShapes.contains($0) })
    let cells = random.shuffled((0..<9).filter { $0 / 3 != row })
    scene.objects = (0..<random.number(in: 0...2)).map { index in
      object(
        shape: shapes[index], color: random.element(of: SceneColor.allCases),
        size: random.element(of: SceneSize.allCases), cell: cells[index])
    }
    return scene
  }

  // MARK: Two panels

  private mutating func contrastScene() -> Scene {
    let background = random.element(of: SceneBackground.allCases)
    let colors = random.shuffled(SceneColor.allCases)
    let shapes = random.shuffled(SceneShape.allCases)
    let sizes = random.shuffled(SceneSize.allCases)
    let counts = random.shuffled([1, 2, 3])
    let difference = random.chance(1, of: 4) ? nil : random.element(of: SceneDifference.allCases)
    let objects = SceneSide.allCases.flatMap { side in
      // The second of a list is taken on the right, where this is what differs.
      func pick(_ what: SceneDifference) -> Int { side == .right && what == difference ? 1 : 0 }
      return Self.slots(counts[pick(.number)]).map { y in
        SceneObject(
          shape: shapes[pick(.shape)], color: colors[pick(.color)], size: sizes[pick(.size)],
          x: (side == .left ? 245 : 755) + random.number(in: -20...20), y: y + random.number(in: -8...8), side: side)
      }
    }
    return Scene(backdrop: .plain(background), objects: objects, isDivided: true)
  }

  /// Middles of so many objects one above the other.
  private static func slots(_ count: Int) -> [Int] {
    switch count {
    case 1: [500]
    case 2: [300, 700]
    default: thirds
    }
  }
}
