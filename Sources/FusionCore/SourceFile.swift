/// One file that weights come from.
public struct SourceFile: Sendable, Hashable {
  /// Name relative to the checkpoint folder, or the last path component of a single file.
  public let name: String
  /// Path to open.
  public let path: String
  /// Size when it was opened.
  public let byteCount: Int

  /// Collects the fields.
  public init(name: String, path: String, byteCount: Int) {
    self.name = name
    self.path = path
    self.byteCount = byteCount
  }
}
