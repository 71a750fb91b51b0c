/// How much of a model is kept in one way.
public struct SchemeShare: Codable, Sendable, Equatable {
  /// Name of the way, such as `int4-g32` or `bf16`.
  public var scheme: String
  /// How many tensors are kept so.
  public var tensorCount: Int
  /// How many weights those tensors have.
  public var weightCount: Int

  /// Collects the fields.
  public init(
    scheme: String, tensorCount: Int, weightCount: Int
  ) {
    self.scheme = scheme
    self.tensorCount = tensorCount
    self.weightCount = weightCount
  }
}
