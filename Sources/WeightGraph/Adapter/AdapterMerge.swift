import FusionCore

/// One update of low rank: base + scaling * B A, or its transpose.
public struct AdapterMerge: Sendable, Hashable {
  /// The base's name of the tensor.
  public let name: String
  /// Module name that patterns were matched against.
  public let module: String
  /// Shape of the base tensor; all but the first dimension count as columns.
  public let shape: Shape
  /// rank x inputs.
  public let factorA: AdapterTensor
  /// outputs x rank.
  public let factorB: AdapterTensor
  /// Rank of the update.
  public let rank: Int
  /// Strength of the update.
  public let alpha: Double
  /// The factor before the product.
  public let scaling: Double
  /// Whether the transpose of B A is added: embeddings, and weights stored as inputs x outputs.
  public let isTransposed: Bool

  /// Collects the fields; a plan has proven that they agree.
  init(
    name: String, module: String, shape: Shape, factorA: AdapterTensor, factorB: AdapterTensor, rank: Int,
    alpha: Double, scaling: Double, isTransposed: Bool
  ) {
    self.name = name
    self.module = module
    self.shape = shape
    self.factorA = factorA
    self.factorB = factorB
    self.rank = rank
    self.alpha = alpha
    self.scaling = scaling
    self.isTransposed = isTransposed
  }
}
