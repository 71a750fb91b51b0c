import CheckpointLayout
import FusionCore
import MappedFiles
import QuestionSets

/// One thing that a command reads, and the files that it comes in.
enum InputFiles {
  case file(String)
  /// A folder with all that is in it, or a file.
  case everything(in: String)
  case model(String, CheckpointOptions)
  case questions(String, QuestionFormat?, answers: String?, images: String?)

  /// Folders that are read.
  var folders: [String] {
    let named: [String?] =
      switch self {
      case .file: []
      case .everything(let path): [path]
      case .model(let path, let options): [path, options.adapter, options.visionTower]
      case .questions(let path, _, _, let images): [path, images]
      }
    return named.compactMap { $0 }.filter { (try? FileIdentity(path: $0))?.isFolder ?? false }
  }

  /// Files that are read. Looked for only where an output is there already, since only that could be one of them.
  ///
  /// - Throws: what is wrong with the input.
  func files() throws -> [String] {
    switch self {
    case .file(let path): return [path]
    case .everything(let path): return try Self.tree(path)
    case .model(let path, let options): return try Self.files(ofModel: path, options)
    case .questions(let path, let format, let answers, let images):
      guard try !(FileIdentity(path: path)?.isFolder ?? false) else {
        return try Self.tree(path) + (images.map { try Self.tree($0) } ?? [])
      }
      let set = try QuestionSet(path: path, format: format, answersPath: answers)
      let folder = images ?? set.folder
      return [path] + set.questions.compactMap { question in question.image.map { "\(folder)/\($0)" } }
    }
  }

  private static func files(ofModel path: String, _ options: CheckpointOptions) throws -> [String] {
    guard try !ModelPath.isContainer(path) else { return [path] }
    let assembly = try ModelAssembly(path: path, options: options)
    let folder = Checkpoint.folder(of: path)
    var files = [path] + assembly.source.files.map(\.path) + (try SideFile.all(in: folder).map(\.path))
    // Weights of another format, or shards that the index does not name, are the model's all the same.
    files += try FolderContents.names(in: folder).filter(isOfCheckpoint).map { "\(folder)/\($0)" }
    if let adapter = options.adapter { files += try tree(adapter) }
    for other in [options.visionTower, options.projector].compactMap({ $0 }) {
      files += [other, "\(Checkpoint.folder(of: other))/config.json"]
    }
    return files
  }

  /// Whether a name is one that publishers give the files of a checkpoint.
  private static func isOfCheckpoint(_ name: String) -> Bool {
    [WeightFileNaming.safetensors, .torch].contains { naming in
      name == naming.singleName || name == naming.indexName || ShardName(fileName: name, naming: naming) != nil
    }
  }

  /// Files in a folder and the folders in it, links not followed.
  private static func tree(_ path: String, depth: Int = 0) throws -> [String] {
    guard try FileIdentity(path: path)?.isFolder ?? false, depth <= 8 else { return [path] }
    return try FolderContents.names(in: path).flatMap { try tree("\(path)/\($0)", depth: depth + 1) }
  }
}
