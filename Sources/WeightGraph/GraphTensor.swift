import FusionCore

/// One tensor of a checkpoint at its place in the canonical graph.
public struct GraphTensor: Sendable, Hashable {
  /// The tensor as its source describes it.
  public let description: TensorDescription
  /// Its name in the canonical graph.
  public let canonicalName: String
  /// What it does.
  public let role: TensorRole
  /// Where it belongs.
  public let module: ModelPart
  /// For fused rows the tensors they are in the other layout, in row order; otherwise empty.
  public let parts: [TensorPart]
  /// Whether the model works without it: a buffer, a dropped layer, a copy of a tied tensor.
  public let isOptional: Bool

  init(_ description: TensorDescription, _ specification: TensorSpecification) {
    self.description = description
    canonicalName = specification.canonicalName
    role = specification.role
    module = specification.module
    parts = specification.parts
    isOptional = specification.isOptional
  }
}
