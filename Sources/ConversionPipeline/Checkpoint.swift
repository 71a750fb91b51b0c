import CheckpointLayout
import FusionCore
import MappedFiles
import WeightGraph

/// A checkpoint, opened and understood, whatever it was put together from: its weights, its configuration, the graph, the
/// files beside them.
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
  /// The source with what its adapter does, and the adapter's folder; `nil` without one.
  let adapted: AdaptedSource?
  let adapterPath: String?
  /// What it was put together with.
  let options: CheckpointOptions

  /// Opens a checkpoint and proves that it is one.
  ///
  /// - Parameters:
  ///   - path: a folder, or one weight file with config.json beside it.
  ///   - options: what is put together with it.
  /// - Throws: every way in which files, configuration and tensors can be wrong.
  public init(path: String, options: CheckpointOptions = CheckpointOptions()) throws {
    let assembly = try ModelAssembly(path: path, options: options)
    let configPath = try assembly.configurationPath()
    let configuration = try ModelConfiguration(json: try assembly.configuration(at: configPath), file: configPath)
    graph = try CanonicalGraph.build(
      configuration: configuration, tensors: assembly.source.tensors, shared: assembly.source.aliases, file: path)
    sideFiles = try assembly.sideFiles(configurationPath: configPath)
    var notices = assembly.notices + graph.notices
    if !sideFiles.contains(where: { $0.name.hasPrefix("tokenizer") && $0.name != "tokenizer_config.json" }) {
      notices.append("no tokenizer file beside the weights: the container can be verified and exported, not run")
    }
    self.path = path
    self.options = options
    source = assembly.source
    adapted = assembly.adapted
    adapterPath = options.adapter
    self.configuration = graph.configuration
    self.notices = notices
  }

  /// The folder that a checkpoint's small files are in.
  static func folder(of path: String) -> String {
    (try? FileIdentity(path: path))?.isFolder ?? false ? path : FolderListing.folder(of: path)
  }
}

extension FusionError.Code {
  /// There are weights, but no config.json.
  public static let missingConfiguration = Self("checkpoint.missingConfiguration", .missingInput)
  /// A file beside the weights is larger than such a file can be.
  public static let sideFileTooLarge = Self("checkpoint.sideFileTooLarge")
}
