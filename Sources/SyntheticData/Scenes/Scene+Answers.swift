extension Scene {
  /// How far apart the middles of two objects are, in thousandths of the side, before one is left of the other or above.
  static let clearDistance = 200
  /// How far apart they may be in the other direction, so that only one relation holds.
  static let alignedDistance = 100
  /// How far a middle keeps from the borders of its third of the picture before the third is named.
  static let clearOfBorder = 60

  /// The answer in lower case, or `nil` if the scene does not determine just one.
  ///
  /// This is the filter against ambiguity: "the circle" needs a picture with one circle and nothing like a circle in
  /// its background, "left of" needs a clear distance, counts end at 5.
  public func answer(to query: SceneQuery) -> String? {
    switch query {
    case .color(let shape): return only(shape)?.color.rawValue
    case .texture(let shape): return only(shape)?.texture.rawValue
    case .shape(let color): return only(color)?.shape.rawValue
    case .backgroundColor:
      guard case .plain(let background) = backdrop else { return nil }
      return background.rawValue
    case .place, .time: return placeAnswer(to: query)
    case .count(let filter): return count(filter)
    case .column(let shape): return only(shape).flatMap { Self.third($0.x, names: ["left", "middle", "right"]) }
    case .row(let shape): return only(shape).flatMap { Self.third($0.y, names: ["top", "middle", "bottom"]) }
    case .horizontal(let first, let second): return relation(first, second)?.horizontal
    case .vertical(let first, let second): return relation(first, second)?.vertical
    case .direction(let first, let second):
      guard let relation = relation(first, second) else { return nil }
      if let horizontal = relation.horizontal, relation.isLevel { return horizontal }
      if let vertical = relation.vertical, relation.isPlumb { return vertical }
      return nil
    case .textRow, .text, .letterCount, .letterColor: return textAnswer(to: query)
    case .difference, .isSame, .arePanelsEqual, .panelColor, .panelShape, .panelCount, .fullerPanel:
      return panelAnswer(to: query)
    case .moreOf(let first, let second): return more(first, second)
    case .haveSameColor(let first, let second):
      guard first != second, let a = only(first), let b = only(second) else { return nil }
      return a.color == b.color ? "yes" : "no"
    case .shapeOfExtreme(let size): return extreme(size)?.shape.rawValue
    case .colorOfExtreme(let size): return extreme(size)?.color.rawValue
    }
  }

  /// Forms that something else in the picture could be taken for: the sun for a circle, a letter for a ring.
  var mistakableShapes: Set<SceneShape> {
    var shapes: Set<SceneShape> = []
    if case .place(let place, _) = backdrop { shapes.formUnion(place.lookalikes) }
    if let text {
      if text.characters.contains(where: { "O0QDCG".contains($0) }) { shapes.formUnion([.ring, .circle]) }
      if text.characters.contains(where: { "TX".contains($0) }) { shapes.insert(.cross) }
    }
    return shapes
  }

  private func only(_ shape: SceneShape) -> SceneObject? {
    guard !isDivided, !mistakableShapes.contains(shape) else { return nil }
    let found = objects.filter { $0.shape == shape }
    return found.count == 1 ? found[0] : nil
  }

  /// Letters are of a colour too, and places of many.
  private func only(_ color: SceneColor) -> SceneObject? {
    guard !isDivided, text == nil, case .plain = backdrop else { return nil }
    let found = objects.filter { $0.color == color }
    return found.count == 1 ? found[0] : nil
  }

  private func count(_ filter: SceneFilter) -> String? {
    guard !isDivided, text == nil, case .plain = backdrop, (1...5).contains(objects.count) else { return nil }
    return String(objects.count { filter.matches($0) })
  }

  private func more(_ first: SceneShape, _ second: SceneShape) -> String? {
    guard !isDivided, text == nil, case .plain = backdrop else { return nil }
    let a = objects.count { $0.shape == first }
    let b = objects.count { $0.shape == second }
    guard a > 0, b > 0, a != b else { return nil }
    return a > b ? first.plural : second.plural
  }

  private func extreme(_ size: SceneSize) -> SceneObject? {
    guard !isDivided, text == nil, case .plain = backdrop else { return nil }
    let found = objects.filter { $0.size == size }
    return found.count == 1 && objects.count > 1 ? found[0] : nil
  }

  private func relation(
    _ first: SceneShape, _ second: SceneShape
  ) -> (horizontal: String?, vertical: String?, isLevel: Bool, isPlumb: Bool)? {
    guard first != second, let a = only(first), let b = only(second) else { return nil }
    let dx = a.x - b.x
    let dy = a.y - b.y
    return (
      abs(dx) >= Self.clearDistance ? (dx < 0 ? "left" : "right") : nil,
      abs(dy) >= Self.clearDistance ? (dy < 0 ? "above" : "below") : nil,
      abs(dy) <= Self.alignedDistance, abs(dx) <= Self.alignedDistance
    )
  }

  private static func third(_ position: Int, names: [String]) -> String? {
    guard abs(position - 333) >= clearOfBorder, abs(position - 667) >= clearOfBorder else { return nil }
    return names[position < 333 ? 0 : position < 667 ? 1 : 2]
  }

  private func placeAnswer(to query: SceneQuery) -> String? {
    guard case .place(let place, let time) = backdrop else { return nil }
    return query == .place ? place.rawValue : time.rawValue
  }

  private func textAnswer(to query: SceneQuery) -> String? {
    guard let text else { return nil }
    switch query {
    case .textRow: return ["top", "middle", "bottom"][text.row]
    case .text: return text.characters.lowercased()
    case .letterCount: return text.isNumber ? nil : String(text.characters.count)
    default: return text.color.rawValue
    }
  }

  private func panelAnswer(to query: SceneQuery) -> String? {
    guard isDivided, let left = ScenePanel(.left, of: self), let right = ScenePanel(.right, of: self) else {
      return nil
    }
    let differences = left.differences(from: right)
    switch query {
    case .difference: return differences.count == 1 ? differences[0].rawValue : nil
    case .isSame(let what): return differences.contains(what) ? "no" : "yes"
    case .arePanelsEqual: return differences.isEmpty ? "yes" : "no"
    case .panelColor(let side): return (side == .left ? left : right).color.rawValue
    case .panelShape(let side): return (side == .left ? left : right).shape.rawValue
    case .panelCount(let side): return String((side == .left ? left : right).count)
    case .fullerPanel: return left.count == right.count ? nil : left.count > right.count ? "left" : "right"
    default: return nil
    }
  }
}

extension ScenePlace {
  /// Forms that the drawing of this place has in it. The sun and the moon are round, and the night has stars.
  var lookalikes: Set<SceneShape> {
    switch self {
    case .mountain, .forest: [.circle, .star, .triangle]
    case .city, .room: [.circle, .star, .square]
    default: [.circle, .star]
    }
  }
}
