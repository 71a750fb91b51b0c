/// A colour of objects and letters, far enough from the others that nobody takes one for another.
///
/// The colours of ``SceneBackground`` are different ones, so that "the red object" never means the background.
public enum SceneColor: String, Sendable, Hashable, CaseIterable {
  case red, orange, yellow, green, blue, purple, black, white

  /// Red, green and blue samples of the plain colour.
  public var samples: [UInt8] {
    switch self {
    case .red: [220, 20, 30]
    case .orange: [255, 135, 0]
    case .yellow: [255, 230, 0]
    case .green: [20, 150, 50]
    case .blue: [20, 60, 220]
    case .purple: [130, 30, 160]
    case .black: [15, 15, 15]
    case .white: [255, 255, 255]
    }
  }

  /// What stripes and dots of an object are drawn in: the same hue, darker for the light colours, paler for the others.
  var patternSamples: [UInt8] {
    let isLight = self == .white || self == .yellow
    return samples.map { sample in isLight ? UInt8(Int(sample) * 55 / 100) : UInt8(255 - (255 - Int(sample)) * 42 / 100)
    }
  }

  /// What the line around an object is drawn in.
  var outlineSamples: [UInt8] { self == .black ? [255, 255, 255] : [15, 15, 15] }
}
