/// What the two panels of a picture can differ in; at most one of these.
public enum SceneDifference: String, Sendable, Hashable, CaseIterable {
  case color, shape, number, size
}
