import FusionCore
import MappedFiles

/// Brings the headers of a checkpoint's files together and holds them against each other.
struct CheckpointAssembly {
  private(set) var files: [SourceFile] = []
  private(set) var metadata: [[String: String]] = []
  private(set) var tensors: [TensorDescription] = []
  private var positions: [String: Int] = [:]

  /// Reads the header of one more file.
  ///
  /// - Throws: what ``SafetensorsHeader`` throws, with the path; `.safetensorsTensorInTwoFiles`.
  mutating func add(_ file: MappedFile, name: String) throws {
    let header: SafetensorsHeader
    do {
      header = try file.withBytes(in: 0..<file.byteCount) { try SafetensorsHeader(contents: $0) }
    } catch let error as FusionError {
      throw error.inFile(file.path)
    }
    for entry in header.entries {
      if let other = positions.updateValue(tensors.count, forKey: entry.name) {
        throw FusionError(
          .safetensorsTensorInTwoFiles, "two files hold a tensor of one name", file: file.path,
          place: "tensor " + SafetensorsName.quoted(entry.name), expected: "every tensor in one file",
          found: "the same name in " + SafetensorsName.quoted(files[tensors[other].fileIndex].name),
          remedy: "the files are not of one checkpoint, or one is a stale copy: download the checkpoint again")
      }
      tensors.append(
        TensorDescription(
          name: entry.name, dtype: entry.dtype, shape: entry.shape, fileIndex: files.count,
          offset: entry.byteRange.lowerBound, byteCount: entry.byteRange.count))
    }
    files.append(SourceFile(name: name, path: file.path, byteCount: file.byteCount))
    metadata.append(header.metadata)
  }

  /// Proves that every tensor of the index is in the file that it names.
  ///
  /// - Returns: notices about tensors that the index does not list.
  /// - Throws: `.safetensorsIndexMisplacedTensor`.
  func check(against index: SafetensorsIndex, indexPath: String) throws -> [String] {
    for (name, file) in index.weightMap {
      let actual = positions[name].map { files[tensors[$0].fileIndex].name }
      if actual == file { continue }
      throw FusionError(
        .safetensorsIndexMisplacedTensor, "a tensor is not where the index says", file: indexPath,
        place: "weight_map, tensor " + SafetensorsName.quoted(name), expected: "the tensor in \(file)",
        found: actual.map { "the tensor in \($0)" } ?? "no such tensor in any of the files",
        remedy: "index and weights are not of one checkpoint: download both again")
    }
    let unlisted = tensors.filter { index.weightMap[$0.name] == nil }.map(\.name).sorted(by: SafetensorsName.precedes)
    guard let first = unlisted.first else { return [] }
    return [
      "\(unlisted.count) tensor" + (unlisted.count == 1 ? "" : "s")
        + " of the weight files, the first " + SafetensorsName.quoted(first)
        + ", not in \(SafetensorsIndex.fileName); read nevertheless"
    ]
  }

  /// What follows the last slash of a path.
  static func lastComponent(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// A folder's path to which a slash and a name can be added.
  static func withoutTrailingSlashes(_ path: String) -> String {
    var result = path[...]
    while result.count > 1, result.last == "/" { result.removeLast() }
    return String(result)
  }
}
