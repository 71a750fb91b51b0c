import FusionCore
import FusionRuntime
import NumericKernels
import WeightGraph

/// A model's weights with some of them taken from another form of the model.
final class SubstitutedWeights: ModelWeights {
  private let base: any ModelWeights
  private let other: any ModelWeights
  private let names = Protected(Set<String>())

  /// Weights of `base` until ``substitute(_:)`` is called.
  init(_ base: any ModelWeights, other: any ModelWeights) {
    self.base = base
    self.other = other
  }

  var configuration: ModelConfiguration { base.configuration }

  /// Takes exactly these weights from the other form from now on; those that a model holds already stay as they are.
  func substitute(_ names: Set<String>) { self.names.withLock { $0 = names } }

  func matrix(_ name: String) throws -> WeightMatrix {
    try names.withLock { $0.contains(name) } ? other.matrix(name) : base.matrix(name)
  }

  func matrices(
    _ names: [String], team: WorkerTeam, onLoaded: @Sendable (_ position: Int) -> Void
  ) throws -> [WeightMatrix] {
    let substituted = self.names.withLock { $0 }
    guard names.contains(where: substituted.contains) else {
      return try base.matrices(names, team: team, onLoaded: onLoaded)
    }
    return try names.enumerated().map { position, name in
      let matrix = try matrix(name)
      onLoaded(position)
      return matrix
    }
  }

  func checkUnchanged() throws {
    try base.checkUnchanged()
    try other.checkUnchanged()
  }
}
