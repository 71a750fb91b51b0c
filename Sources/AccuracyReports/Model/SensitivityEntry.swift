/// What quantizing one tensor alone does to the output.
public struct SensitivityEntry: Codable, Sendable, Equatable {
  /// Canonical name of the tensor.
  public var name: String
  /// Mean divergence that it causes, in nats.
  public var divergence: Double
  /// Its part of the sum over all tensors, 0 to 1.
  public var share: Double
  /// Scheme that a plan should give it; nil to leave it as it is.
  public var suggestedScheme: String?

  /// Collects the fields.
  public init(
    name: String, divergence: Double, share: Double, suggestedScheme: String? = nil
  ) {
    self.name = name
    self.divergence = divergence
    self.share = share
    self.suggestedScheme = suggestedScheme
  }
}
