/// A tensor that did not get the encoding that was asked for.
public struct ProvenanceFallback: Sendable, Equatable {
  /// Name of the tensor.
  public var tensor: String
  /// Encoding that was asked for.
  public var requested: String
  /// Encoding that was used.
  public var used: String
  /// Why, in a sentence.
  public var reason: String

  /// Collects the fields.
  public init(tensor: String, requested: String, used: String, reason: String) {
    self.tensor = tensor
    self.requested = requested
    self.used = used
    self.reason = reason
  }
}
