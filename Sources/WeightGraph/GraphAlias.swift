/// A canonical name without a tensor of its own.
public struct GraphAlias: Sendable, Hashable, Codable {
  /// The name.
  public let canonicalName: String
  /// The canonical name of the tensor that stands for it.
  public let target: String

  /// Collects the fields.
  public init(canonicalName: String, target: String) {
    self.canonicalName = canonicalName
    self.target = target
  }
}
