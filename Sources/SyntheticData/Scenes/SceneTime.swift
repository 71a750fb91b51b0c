/// The time of day in a place: a sun in a bright sky, or a moon in a dark one.
public enum SceneTime: String, Sendable, Hashable, CaseIterable {
  case day, night
}
