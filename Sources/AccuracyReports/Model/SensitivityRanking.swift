/// Tensors by the output divergence that quantizing each alone causes.
public struct SensitivityRanking: Codable, Sendable, Equatable {
  /// How the divergences were obtained, for a person.
  public var method: String
  /// The ranking, the most harmful first.
  public var entries: [SensitivityEntry]
  /// A plan that `convert --plan` takes; nil if there is nothing to change.
  public var plan: String?

  /// Collects the fields.
  public init(
    method: String, entries: [SensitivityEntry], plan: String? = nil
  ) {
    self.method = method
    self.entries = entries
    self.plan = plan
  }
}
