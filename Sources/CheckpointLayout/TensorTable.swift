import FusionCore

/// Brings the tensors of a checkpoint's files together and holds them against each other and against the index.
public struct TensorTable: Sendable {
  /// The files, in the order in which they were added.
  public private(set) var files: [SourceFile] = []
  /// The tensors, in the order in which they were added.
  public private(set) var tensors: [TensorDescription] = []
  private var positions: [String: Int] = [:]
  private let naming: WeightFileNaming

  /// An empty table of files of one format.
  public init(naming: WeightFileNaming) { self.naming = naming }

  /// Adds a file; the tensors' file index is that of its place in ``files``.
  ///
  /// - Throws: the naming's code `tensorInTwoFiles`.
  public mutating func add(_ file: SourceFile, tensors added: [TensorDescription]) throws {
    for tensor in added {
      precondition(tensor.fileIndex == files.count, "tensor \(tensor.name) of another file")
      if let other = positions.updateValue(tensors.count, forKey: tensor.name) {
        throw FusionError(
          naming.code("tensorInTwoFiles"), "two files hold a tensor of one name", file: file.path,
          place: "tensor " + TensorName.quoted(tensor.name), expected: "every tensor in one file",
          found: "the same name in " + TensorName.quoted(files[tensors[other].fileIndex].name),
          remedy: "the files are not of one checkpoint, or one is a stale copy: download the checkpoint again")
      }
      tensors.append(tensor)
    }
    files.append(file)
  }

  /// All tensors in bytewise order of their names.
  public var sortedTensors: [TensorDescription] { tensors.sorted { TensorName.precedes($0.name, $1.name) } }

  /// Proves that every tensor of the index is in the file that it names.
  ///
  /// - Returns: notices about tensors that the index does not list.
  /// - Throws: the naming's code `indexMisplacedTensor`.
  public func check(against index: CheckpointIndex, indexPath: String) throws -> [String] {
    for (name, file) in index.weightMap.sorted(by: { TensorName.precedes($0.key, $1.key) }) {
      let actual = positions[name].map { files[tensors[$0].fileIndex].name }
      if actual == file { continue }
      throw FusionError(
        naming.code("indexMisplacedTensor"), "a tensor is not where the index says", file: indexPath,
        place: "weight_map, tensor " + TensorName.quoted(name), expected: "the tensor in \(file)",
        found: actual.map { "the tensor in \($0)" } ?? "no such tensor in any of the files",
        remedy: "index and weights are not of one checkpoint: download both again")
    }
    let unlisted = tensors.filter { index.weightMap[$0.name] == nil }.map(\.name).sorted(by: TensorName.precedes)
    guard let first = unlisted.first else { return [] }
    return [
      "\(unlisted.count) tensor" + (unlisted.count == 1 ? "" : "s")
        + " of the weight files, the first " + TensorName.quoted(first)
        + ", not in \(naming.indexName); read nevertheless"
    ]
  }
}
