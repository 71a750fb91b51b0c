import FusionCore
import WeightGraph

/// What an adapter did to a base; a part of the JSON of `convert`.
public struct AdapterReport: Sendable, Encodable {
  /// One tensor with an update. Norms are Frobenius norms; they are `nil` where nothing was measured, as in a dry run.
  public struct Tensor: Sendable, Encodable {
    /// The base's name.
    public let name: String
    /// Rank of the update.
    public let rank: Int
    /// Strength of the update.
    public let alpha: Double
    /// The factor before the product of the update's factors.
    public let scaling: Double
    /// Norm of the update.
    public var deltaNorm: Double?
    /// Norm of the tensor without it.
    public var weightNorm: Double?
    /// The first over the second; `nil` also for a tensor of zeros.
    public var relativeDelta: Double?
    /// Greatest change of a weight.
    public var maxDelta: Double?
  }

  /// The adapter's folder.
  public let path: String
  /// Tensors with an update, sorted by name.
  public var tensors: [Tensor]
  /// Tensors that the adapter holds whole and that took the place of the base's.
  public let replaced: [String]
  /// Tensors that the base did not have.
  public let added: [String]
  /// Norm of all updates together; `nil` where nothing was measured.
  public var deltaNorm: Double?
  /// Norm of all tensors with an update, without it.
  public var weightNorm: Double?
  /// The first over the second.
  public var relativeDelta: Double?

  /// The plan, with nothing measured.
  init(path: String, plan: AdapterPlan) {
    self.path = path
    tensors = plan.merges.map { Tensor(name: $0.name, rank: $0.rank, alpha: $0.alpha, scaling: $0.scaling) }
    replaced = plan.replaced.keys.sorted()
    added = plan.added.keys.sorted()
  }
}
