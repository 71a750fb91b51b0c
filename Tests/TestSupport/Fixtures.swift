import Foundation

/// Files under `Tests/Fixtures`.
public enum Fixtures {
  /// The fixtures' folder, found from this source file's own place.
  public static let root: String = {
    let here = URL(fileURLWithPath: #filePath)
    return here.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures").path
  }()

  /// Path of a fixture.
  public static func path(_ name: String) -> String { "\(root)/\(name)" }

  /// The repository's top folder.
  public static let repository: String = {
    URL(fileURLWithPath: root).deletingLastPathComponent().deletingLastPathComponent().path
  }()
}
