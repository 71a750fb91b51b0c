import WeightGraph

/// Linear, exact GELU, linear: between the widths of the two models.
struct Projector: Sendable {
  private let first: Linear
  private let second: Linear

  /// - Parameter name: `projector` (vision to language) or `aux_projector` (language to vision).
  init(_ name: String, in weights: any ModelWeights, kernels: WeightReading) throws {
    first = try Linear(name + ".linear1", hasBias: true, in: weights, kernels: kernels)
    second = try Linear(name + ".linear2", hasBias: true, in: weights, kernels: kernels)
  }

  func apply(to x: ActivationMatrix, _ kinds: RowKinds, _ context: ComputeContext) -> ActivationMatrix {
    let inner = context.apply(first, to: x, kinds)
    context.apply(.gelu, to: inner)
    return context.apply(second, to: inner, kinds)
  }
}
