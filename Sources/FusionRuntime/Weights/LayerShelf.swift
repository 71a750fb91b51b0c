import FusionCore
import NumericKernels

/// Layers by number: all kept, or each one read when it is asked for and given back after use.
final class LayerShelf<Layer: Sendable>: Sendable {
  let count: Int
  private let residency: WeightResidency
  private let load: @Sendable (Int) throws -> Layer
  private let kept: Protected<[Layer?]>

  private init(count: Int, residency: WeightResidency, load: @escaping @Sendable (Int) throws -> Layer) {
    self.count = count
    self.residency = residency
    self.load = load
    kept = Protected(Array(repeating: nil, count: count))
  }

  /// Layers whose weights have canonical names that begin with `prefix`, the layer's number and a dot.
  ///
  /// - Parameters:
  ///   - weights: of the model; of layers that are kept, in memory already.
  ///   - make: makes a layer from its weights.
  convenience init(
    _ prefix: String, count: Int, residency: WeightResidency, in weights: any ModelWeights, team: WorkerTeam,
    make: @escaping @Sendable (_ index: Int, _ weights: any ModelWeights) throws -> Layer
  ) {
    let names = residency == .resident ? [] : LoadedWeights.names([prefix], of: weights.configuration)
    self.init(count: count, residency: residency) { index in
      let own = names.filter { $0.hasPrefix("\(prefix)\(index).") }
      return try make(index, own.isEmpty ? weights : LoadedWeights(weights, names: own, team: team))
    }
  }

  /// A layer, read now if it is not kept.
  func layer(_ index: Int) throws -> Layer {
    if let layer = kept.withLock({ $0[index] }) { return layer }
    let layer = try load(index)
    if residency == .resident { kept.withLock { $0[index] = layer } }
    return layer
  }

  /// Makes all layers that will be kept.
  func preload(_ team: WorkerTeam) throws {
    guard residency == .resident else { return }
    try team.runThrowing(count: count) { _, index in _ = try self.layer(index) }
  }
}
