/// One object of a scene.
public struct SceneObject: Sendable, Hashable {
  /// Form.
  public var shape: SceneShape
  /// Colour.
  public var color: SceneColor
  /// Size.
  public var size: SceneSize
  /// Surface.
  public var texture: SceneTexture
  /// Column of its middle, in thousandths of the picture's side from the left.
  public var x: Int
  /// Row of its middle, in thousandths of the picture's side from the top.
  public var y: Int
  /// The panel it is in; `nil` where a picture is not divided.
  public var side: SceneSide?

  /// Collects the fields.
  public init(
    shape: SceneShape, color: SceneColor, size: SceneSize, texture: SceneTexture = .solid, x: Int, y: Int,
    side: SceneSide? = nil
  ) {
    self.shape = shape
    self.color = color
    self.size = size
    self.texture = texture
    self.x = x
    self.y = y
    self.side = side
  }

  /// The third of the picture that the middle is in, from the left: 0, 1 or 2.
  public var column: Int { min(max(x * 3 / 1000, 0), 2) }
  /// The third of the picture that the middle is in, from the top: 0, 1 or 2.
  public var row: Int { min(max(y * 3 / 1000, 0), 2) }
}
