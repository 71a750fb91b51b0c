import Foundation
import FusionCore
import MappedFiles
import WeightGraph

/// A checkpoint folder, opened and understood: its weights, its configuration, the graph, the files beside them.
public struct Checkpoint: Sendable {
  /// The path as given.
  public let path: String
  /// The weights.
  public let source: any WeightSource
  /// The parsed config.json.
  public let configuration: ModelConfiguration
  /// Every tensor under its canonical name.
  public let graph: CanonicalGraph
  /// Small files that travel with the weights, by name, sorted.
  public let sideFiles: [SideFile]
  /// What a user should know: of the reader, of the graph, of missing files.
  public let notices: [String]

  /// Opens a checkpoint and proves that it is one.
  ///
  /// - Parameters:
  ///   - path: a folder, or one weight file with config.json beside it.
  ///   - options: what is put together with it.
  /// - Throws: every way in which files, configuration and tensors can be wrong.
  public init(path: String, options: CheckpointOptions = CheckpointOptions()) throws {
    let source = try WeightFiles.open(path, stateDictKey: options.stateDictKey)
    let folder = Self.folder(of: path)
    let configPath = "\(folder)/config.json"
    guard FileIdentity(path: configPath) != nil else {
      throw FusionError(
        .missingConfiguration, "the checkpoint has no config.json", file: folder,
        expected: "config.json beside the weights", found: "only weights",
        remedy: "copy config.json (and the tokenizer files) of the same model into the folder")
    }
    let configuration = try ModelConfiguration(
      json: try SideFile.read(configPath, limit: SideFile.largestByteCount), file: configPath)
    graph = try CanonicalGraph.build(configuration: configuration, tensors: source.tensors, file: path)
    sideFiles = try SideFile.all(in: folder)
    var notices = source.notices + graph.notices
    if !sideFiles.contains(where: { $0.name.hasPrefix("tokenizer") && $0.name != "tokenizer_config.json" }) {
      notices.append("no tokenizer file beside the weights: the container can be verified and exported, not run")
    }
    self.path = path
    self.source = source
    self.configuration = graph.configuration
    self.notices = notices
  }

  /// The folder that a checkpoint's small files are in.
  static func folder(of path: String) -> String {
    if FileIdentity(path: path)?.isFolder ?? false { return path }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    return parent.isEmpty ? "." : parent
  }
}

extension FusionError.Code {
  /// There are weights, but no config.json.
  public static let missingConfiguration = Self("checkpoint.missingConfiguration", .missingInput)
  /// A file beside the weights is larger than such a file can be.
  public static let sideFileTooLarge = Self("checkpoint.sideFileTooLarge")
}
