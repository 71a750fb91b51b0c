/// A second name of a tensor, for tied weights.
public struct ContainerAlias: Sendable, Equatable {
  /// The name in the model's graph.
  public var canonicalName: String
  /// Canonical name of the tensor that holds the values; never another alias.
  public var targetCanonicalName: String
  /// The name in the source, if the source stored it.
  public var name: String?

  /// Collects the fields.
  public init(canonicalName: String, targetCanonicalName: String, name: String? = nil) {
    self.canonicalName = canonicalName
    self.targetCanonicalName = targetCanonicalName
    self.name = name
  }
}
