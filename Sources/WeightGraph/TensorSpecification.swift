import FusionCore

/// One tensor that a model's configuration asks for.
public struct TensorSpecification: Sendable, Hashable {
  /// The name in published checkpoints.
  public let sourceName: String
  /// The name in the canonical graph, the same for all layouts but for fused rows.
  public let canonicalName: String
  /// What it does.
  public let role: TensorRole
  /// Where it belongs.
  public let module: ModelPart
  /// The sizes that follow from the configuration. For ``TensorRole/buffer`` only the element count is binding.
  public let shape: Shape
  /// For each dimension the configuration fields that make it, such as `vocab_size`.
  public let shapeFormula: [String]
  /// For fused rows the tensors they are in the other layout, in row order; otherwise empty.
  public let parts: [TensorPart]
  /// Whether a checkpoint may lack it. Such a tensor is never read by the model, or is another tensor's alias.
  public let isOptional: Bool
}
