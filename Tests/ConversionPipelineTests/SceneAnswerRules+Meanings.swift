/// What the scene says, read from the positions and properties of its objects.
extension SceneAnswerRules {
  static func equal(_ value: String?, _ claim: String?) -> String? {
    guard let value, let claim else { return nil }
    return value == claim ? "yes" : "no"
  }

  static func plural(_ shape: String) -> String { shape.hasSuffix("s") ? shape + "es" : shape + "s" }

  static func shape(_ scene: DrawnScene, _ color: String) -> String? { scene.only { $0.color == color }?.shape }

  static func color(_ scene: DrawnScene, _ shape: String) -> String? { scene.only { $0.shape == shape }?.color }

  static func texture(_ scene: DrawnScene, _ shape: String) -> String? { scene.only { $0.shape == shape }?.texture }

  /// `striped red circles`, `blue objects`, `objects`: every word is a property, but for the last if it is `object`.
  static func count(_ scene: DrawnScene, _ group: String) -> String? {
    let words = group.split(separator: " ").map(String.init)
    let matching = scene.objects.filter { object in
      let properties = [object.color, object.texture, object.shape, plural(object.shape), "object", "objects"]
      return words.allSatisfy(properties.contains)
    }
    return String(matching.count)
  }

  static func column(_ scene: DrawnScene, _ shape: String) -> String? {
    scene.only { $0.shape == shape }.map { third($0.x, ["left", "middle", "right"]) }
  }

  static func row(_ scene: DrawnScene, _ shape: String) -> String? {
    scene.only { $0.shape == shape }.map { third($0.y, ["top", "middle", "bottom"]) }
  }

  static func signRow(_ scene: DrawnScene) -> String? { scene.text.map { ["top", "middle", "bottom"][$0.row] } }

  private static func third(_ position: Int, _ names: [String]) -> String { names[position * 3 / 1000] }

  /// Left or right where the objects do not even share a column.
  static func horizontal(_ scene: DrawnScene, _ first: String, _ second: String) -> String? {
    guard let a = scene.only(where: { $0.shape == first }), let b = scene.only(where: { $0.shape == second }),
      abs(a.x - b.x) > 150
    else { return nil }
    return a.x < b.x ? "left" : "right"
  }

  static func vertical(_ scene: DrawnScene, _ first: String, _ second: String) -> String? {
    guard let a = scene.only(where: { $0.shape == first }), let b = scene.only(where: { $0.shape == second }),
      abs(a.y - b.y) > 150
    else { return nil }
    return a.y < b.y ? "above" : "below"
  }

  static func direction(_ scene: DrawnScene, _ first: String, _ second: String) -> String? {
    let relations = [horizontal(scene, first, second), vertical(scene, first, second)].compactMap { $0 }
    return relations.count == 1 ? relations[0] : nil
  }

  static func placeName(_ phrase: String) -> String {
    phrase == "a field of snow" ? "snow" : String(phrase.dropFirst(2))
  }

  static func more(_ scene: DrawnScene, _ first: String, _ second: String) -> String? {
    let a = scene.objects.count { plural($0.shape) == first }
    let b = scene.objects.count { plural($0.shape) == second }
    return a == b ? nil : a > b ? first : second
  }

  static func extreme(_ scene: DrawnScene, _ word: String) -> DrawnScene.Object? {
    let widths = scene.objects.map(\.width)
    guard let width = word == "largest" ? widths.max() : widths.min(), Set(widths).count > 1 else { return nil }
    return scene.only { $0.width == width }
  }

  static func side(_ scene: DrawnScene, _ name: String) -> [DrawnScene.Object] {
    scene.objects.filter { $0.side == name }
  }

  static func common(
    _ scene: DrawnScene, _ name: String, _ property: (DrawnScene.Object) -> String
  ) -> String? {
    let values = Set(side(scene, name).map(property))
    return values.count == 1 ? values.first : nil
  }

  static func fuller(_ scene: DrawnScene) -> String? {
    let (left, right) = (side(scene, "left").count, side(scene, "right").count)
    return left == right ? nil : left > right ? "left" : "right"
  }

  static func differences(_ scene: DrawnScene) -> Set<String> {
    let (left, right) = (side(scene, "left"), side(scene, "right"))
    var found: Set<String> = left.count == right.count ? [] : ["number"]
    if Set(left.map(\.color)) != Set(right.map(\.color)) { found.insert("color") }
    if Set(left.map(\.shape)) != Set(right.map(\.shape)) { found.insert("shape") }
    if Set(left.map(\.width)) != Set(right.map(\.width)) { found.insert("size") }
    return found
  }

  static func difference(_ scene: DrawnScene) -> String? {
    let found = differences(scene)
    return found.count == 1 ? found.first : nil
  }

  static func isSame(_ scene: DrawnScene, _ what: String) -> String { differences(scene).contains(what) ? "no" : "yes" }
}
