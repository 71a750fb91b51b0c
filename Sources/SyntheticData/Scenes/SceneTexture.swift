/// What the surface of an object looks like.
public enum SceneTexture: String, Sendable, Hashable, CaseIterable {
  case solid, striped, dotted
}
