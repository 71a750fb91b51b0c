/// Which objects of a scene are meant: those that have all the stated properties.
public struct SceneFilter: Sendable, Hashable {
  /// Form, if it matters.
  public var shape: SceneShape?
  /// Colour, if it matters.
  public var color: SceneColor?
  /// Surface, if it matters.
  public var texture: SceneTexture?

  /// Collects the fields; without any, all objects are meant.
  public init(shape: SceneShape? = nil, color: SceneColor? = nil, texture: SceneTexture? = nil) {
    self.shape = shape
    self.color = color
    self.texture = texture
  }

  /// Whether an object is meant.
  public func matches(_ object: SceneObject) -> Bool {
    (shape.map { $0 == object.shape } ?? true) && (color.map { $0 == object.color } ?? true)
      && (texture.map { $0 == object.texture } ?? true)
  }

  /// The words for several such objects: `red circles`, `striped objects`.
  var plural: String { adjectives + (shape?.plural ?? "objects") }

  /// The words for one such object.
  var singular: String { adjectives + (shape?.rawValue ?? "object") }

  private var adjectives: String { [texture?.rawValue, color?.rawValue].compactMap { $0 }.map { $0 + " " }.joined() }
}
