import CheckpointLayout
import FusionCore

/// One safetensors file to write.
struct ExportedShard: Sendable {
  /// One tensor in it.
  struct Tensor: Sendable {
    let name: String
    /// Which tensor of the model its values are.
    let position: Int
    let dtype: DType
    let shape: Shape
    /// Rows that are made in one step.
    let rowsPerChunk: Int

    var byteCount: Int { shape.byteCount(of: dtype) ?? 0 }
  }

  let name: String
  private(set) var tensors: [Tensor]

  var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }

  /// Spreads tensors over files as their source did; within a file they stand in the order of their names.
  ///
  /// - Parameters:
  ///   - tensors: with the position of the file that each came from.
  ///   - fileNames: the source's files; those without a tensor here have no counterpart.
  static func plan(_ tensors: [(file: Int, tensor: Tensor)], fileNames: [String]) -> [ExportedShard] {
    let groups = Dictionary(grouping: tensors, by: \.file).sorted { $0.key < $1.key }
    let names = names(of: groups.map { fileNames[$0.key] })
    return zip(groups, names).map { group, name in
      ExportedShard(
        name: name, tensors: group.value.map(\.tensor).sorted { TensorName.precedes($0.name, $1.name) })
    }
  }

  /// The source's names where they are those that loaders look for, otherwise the standard ones in the same order.
  private static func names(of sources: [String]) -> [String] {
    let naming = WeightFileNaming.safetensors
    if sources.count == 1 { return [naming.singleName] }
    let standard = sources.indices.map { naming.shardName(number: $0 + 1, of: sources.count) }
    return sources == standard ? sources : standard
  }
}
