import FusionCore
import NumericKernels

/// Layers by number: all kept, or each one read when it is asked for and given back after use.
final class LayerShelf<Layer: Sendable>: Sendable {
  let count: Int
  private let residency: WeightResidency
  private let load: @Sendable (Int) throws -> Layer
  private let kept: Protected<[Layer?]>

  init(count: Int, residency: WeightResidency, load: @escaping @Sendable (Int) throws -> Layer) {
    self.count = count
    self.residency = residency
    self.load = load
    kept = Protected(Array(repeating: nil, count: count))
  }

  /// A layer, read now if it is not kept.
  func layer(_ index: Int) throws -> Layer {
    if let layer = kept.withLock({ $0[index] }) { return layer }
    let layer = try load(index)
    if residency == .resident { kept.withLock { $0[index] = layer } }
    return layer
  }

  /// Reads all layers that will be kept.
  func preload(_ team: WorkerTeam, _ progress: LoadProgress?) throws {
    guard residency == .resident else { return }
    try team.runThrowing(count: count) { _, index in
      _ = try self.layer(index)
      progress?.advance()
    }
  }
}
