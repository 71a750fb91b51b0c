/// What a picture shows, in values that words, pictures and answers can all be made of.
public struct Scene: Sendable, Hashable {
  /// What is behind the objects.
  public enum Backdrop: Sendable, Hashable {
    /// One colour.
    case plain(SceneBackground)
    /// A place at a time of day.
    case place(ScenePlace, SceneTime)
  }

  /// What is behind everything else.
  public var backdrop: Backdrop
  /// The objects, in no order that means anything; they do not overlap.
  public var objects: [SceneObject]
  /// The board with a word, if there is one.
  public var text: SceneText?
  /// Whether the picture shows two panels side by side; then every object has a side.
  public var isDivided: Bool

  /// Collects the fields.
  ///
  /// - Precondition: objects have a side just where the picture is divided.
  public init(backdrop: Backdrop, objects: [SceneObject], text: SceneText? = nil, isDivided: Bool = false) {
    precondition(objects.allSatisfy { ($0.side != nil) == isDivided }, "an object without its panel")
    self.backdrop = backdrop
    self.objects = objects
    self.text = text
    self.isDivided = isDivided
  }
}
