/// A place that is drawn behind objects.
public enum ScenePlace: String, Sendable, Hashable, CaseIterable {
  case beach, meadow, snow, road, city, forest, mountain, room

  /// The place as the end of a sentence: "the picture shows …".
  public var phrase: String {
    switch self {
    case .beach: "a beach"
    case .meadow: "a meadow"
    case .snow: "a field of snow"
    case .road: "a road"
    case .city: "a city"
    case .forest: "a forest"
    case .mountain: "a mountain"
    case .room: "a room"
    }
  }
}
