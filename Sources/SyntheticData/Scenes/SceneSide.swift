/// One of the two halves of a picture that shows two panels.
public enum SceneSide: String, Sendable, Hashable, CaseIterable {
  case left, right
}
