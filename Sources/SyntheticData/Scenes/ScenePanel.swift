/// What the objects of one panel have in common.
struct ScenePanel: Equatable {
  let shape: SceneShape
  let color: SceneColor
  let size: SceneSize
  let count: Int

  /// - Returns: `nil` for a panel that is empty or whose objects differ, about which nothing can be asked.
  init?(_ side: SceneSide, of scene: Scene) {
    let objects = scene.objects.filter { $0.side == side }
    guard let first = objects.first,
      objects.allSatisfy({ $0.shape == first.shape && $0.color == first.color && $0.size == first.size })
    else { return nil }
    shape = first.shape
    color = first.color
    size = first.size
    count = objects.count
  }

  /// In what this panel and another one differ.
  func differences(from other: ScenePanel) -> [SceneDifference] {
    var found: [SceneDifference] = []
    if color != other.color { found.append(.color) }
    if shape != other.shape { found.append(.shape) }
    if count != other.count { found.append(.number) }
    if size != other.size { found.append(.size) }
    return found
  }
}
