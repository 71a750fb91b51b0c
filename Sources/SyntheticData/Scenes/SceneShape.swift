/// The form of an object.
public enum SceneShape: String, Sendable, Hashable, CaseIterable {
  case circle, square, triangle, star, cross, diamond, ring, heart

  /// The word for several of them.
  public var plural: String { self == .cross ? "crosses" : rawValue + "s" }
}
