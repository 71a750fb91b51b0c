import FusionCore
import NumericKernels
import WeightGraph

/// Weights of a part of a model, brought into memory together by all threads; others are read when they are asked for.
struct LoadedWeights: ModelWeights {
  private let base: any ModelWeights
  private let loaded: [String: WeightMatrix]

  var configuration: ModelConfiguration { base.configuration }

  /// Canonical names of the weights that passes need and that begin with one of some prefixes, in canonical order.
  static func names(_ prefixes: [String], of configuration: ModelConfiguration) -> [String] {
    // What a checkpoint may lack, no pass needs.
    ExpectedTensors.list(for: configuration)
      .filter { tensor in !tensor.isOptional && prefixes.contains { tensor.canonicalName.hasPrefix($0) } }
      .map(\.canonicalName)
  }

  /// Reads some weights.
  ///
  /// - Parameter progress: told of each layer whose weights are all there.
  /// - Throws: what is wrong with a weight.
  init(_ base: any ModelWeights, names: [String], team: WorkerTeam, progress: LoadProgress? = nil) throws {
    let layers = names.map(Self.layer)
    let missing = Protected(Dictionary(layers.map { ($0, 1) }, uniquingKeysWith: +))
    let matrices = try base.matrices(names, team: team) { position in
      let layer = layers[position]
      let isComplete = missing.withLock { missing in
        missing[layer, default: 0] -= 1
        return missing[layer] == 0
      }
      if isComplete, layer != nil { progress?.advance() }
    }
    self.base = base
    loaded = Dictionary(uniqueKeysWithValues: zip(names, matrices))
  }

  /// The layer that a weight is of, as `language.layers.12`; `nil` for weights that are of no layer.
  private static func layer(_ name: String) -> String? {
    let parts = name.split(separator: ".", maxSplits: 3)
    if parts.first == "samplers" { return parts.prefix(2).joined(separator: ".") }
    return parts.count > 3 && parts[1] == "layers" ? parts.prefix(3).joined(separator: ".") : nil
  }

  func matrix(_ name: String) throws -> WeightMatrix { try loaded[name] ?? base.matrix(name) }

  func matrices(
    _ names: [String], team: WorkerTeam, onLoaded: @Sendable (Int) -> Void
  ) throws -> [WeightMatrix] {
    try base.matrices(names, team: team, onLoaded: onLoaded)
  }

  func checkUnchanged() throws { try base.checkUnchanged() }
}
