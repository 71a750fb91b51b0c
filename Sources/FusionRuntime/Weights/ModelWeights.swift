import FusionCore
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

  /// Proves that nothing has changed under the weights that were given out.
  ///
  /// - Throws: `.changedWhileReading`.
  func checkUnchanged() throws
}
