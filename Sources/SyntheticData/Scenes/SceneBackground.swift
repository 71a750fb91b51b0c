/// A plain colour behind objects; none of them is a ``SceneColor``.
public enum SceneBackground: String, Sendable, Hashable, CaseIterable {
  case gray, pink, brown, cyan

  /// Red, green and blue samples.
  public var samples: [UInt8] {
    switch self {
    case .gray: [176, 176, 176]
    case .pink: [255, 176, 200]
    case .brown: [140, 96, 60]
    case .cyan: [130, 225, 230]
    }
  }
}
