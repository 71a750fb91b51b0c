import FusionCore

/// A tensor to be filled with random numbers: what it is called, how large it is, and what it stands for.
public struct SyntheticTensor: Sendable, Hashable {
  /// What a tensor does in a model, which decides how its numbers are spread.
  public enum Kind: Sendable, Hashable {
    /// A matrix that multiplies activations: one row for each output channel.
    ///
    /// - outlierColumns: whether the input is the residual stream, some of whose channels have far larger weights in
    ///   every matrix that reads it.
    case matrix(outlierColumns: Bool)
    /// A table that is looked up by row: tokens or positions.
    case embedding
    /// The gain of a normalisation, around 1.
    case norm
    /// An offset, around 0.
    case bias
  }

  /// Name in the checkpoint; it takes part in the random numbers, so that no two tensors are alike.
  public let name: String
  /// Sizes, outermost first.
  public let shape: Shape
  /// What the tensor stands for.
  public let kind: Kind

  /// Collects the fields.
  public init(name: String, shape: Shape, kind: Kind) {
    self.name = name
    self.shape = shape
    self.kind = kind
  }
}
