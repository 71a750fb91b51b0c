/// A canonical name without a tensor of its own.
public struct GraphAlias: Sendable, Hashable, Codable {
  /// The name.
  public let canonicalName: String
  /// The canonical name of the tensor that stands for it.
  public let target: String
  /// The source's own name, where the source has a tensor of that name that shares the target's bytes.
  public let sourceName: String?

  /// Collects the fields.
  public init(canonicalName: String, target: String, sourceName: String? = nil) {
    self.canonicalName = canonicalName
    self.target = target
    self.sourceName = sourceName
  }
}
