/// How large an object is.
public enum SceneSize: String, Sendable, Hashable, CaseIterable {
  case small, large

  /// The side of the square that the object fills, in thousandths of the picture's side.
  ///
  /// A small one is still 10 pixels wide where a picture is seen at 64 x 64.
  public var side: Int {
    switch self {
    case .small: 160
    case .large: 270
    }
  }
}
