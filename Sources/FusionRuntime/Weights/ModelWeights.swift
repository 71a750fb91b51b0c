import FusionCore
import NumericKernels
import WeightGraph

/// The weights of a model by canonical name, wherever they come from.
///
/// All members may be used from several threads at once.
public protocol ModelWeights: Sendable {
  /// What the model is; complete.
  var configuration: ModelConfiguration { get }

  /// Brings a weight into memory.
  ///
  /// The memory is given back when the last reference to the result goes away; asking again reads again.
  ///
  /// - Parameter name: a canonical name of `formats/weight-graph.md`; an alias gives the tensor it stands for.
  /// - Throws: `FusionError` if the model has no such tensor, or it cannot be read or is damaged.
  func matrix(_ name: String) throws -> WeightMatrix

  /// Brings several weights into memory, with all threads of a team.
  ///
  /// - Parameters:
  ///   - names: as ``matrix(_:)`` takes them.
  ///   - onLoaded: called with the position of a name as soon as its weight is there, from any thread, in any order.
  /// - Returns: the weights in the order of the names.
  /// - Throws: what ``matrix(_:)`` throws.
  func matrices(
    _ names: [String], team: WorkerTeam, onLoaded: @Sendable (_ position: Int) -> Void
  ) throws -> [WeightMatrix]

  /// Proves that nothing has changed under the weights that were given out.
  ///
  /// - Throws: `.changedWhileReading`.
  func checkUnchanged() throws
}

extension ModelWeights {
  /// One weight after the other, which is all that weights in place need.
  public func matrices(
    _ names: [String], team: WorkerTeam, onLoaded: @Sendable (_ position: Int) -> Void
  ) throws -> [WeightMatrix] {
    try names.enumerated().map { position, name in
      let matrix = try matrix(name)
      onLoaded(position)
      return matrix
    }
  }
}
