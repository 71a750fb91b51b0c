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
  ///   - path: a folder, one weight file with config.json beside it, or a container whose weights are unquantized.
  ///   - options: what is put together with it.
  /// - Throws: every way in which files, configuration and tensors can be wrong.
  public init(path: String, options: CheckpointOptions = CheckpointOptions()) throws {
    let parts = try Self.parts(path, options)
    graph = try CanonicalGraph.build(
      configuration: parts.configuration, tensors: parts.source.tensors, shared: parts.source.aliases, file: path)
    sideFiles = parts.sideFiles
    var notices = parts.notices + graph.notices
    if !Self.hasTokenizer(sideFiles) {
      notices.append("no tokenizer file beside the weights: the container can be verified and exported, not run")
    }
    self.path = path
    self.options = options
    source = parts.source
    adapted = parts.adapted
    adapterPath = options.adapter
    self.configuration = graph.configuration
    self.notices = notices
  }

  /// Whether there is a tokenizer, without which a model cannot be asked anything.
  var hasTokenizer: Bool { Self.hasTokenizer(sideFiles) }

  /// Whether it can be asked something: there is a tokenizer, and no weight of a type that is not computed with.
  public var canBeRun: Bool {
    hasTokenizer && graph.tensors.allSatisfy { $0.role == .buffer || $0.description.dtype.isQuantizable }
  }

  private static func hasTokenizer(_ files: [SideFile]) -> Bool {
    files.contains { $0.name.hasPrefix("tokenizer") && $0.name != "tokenizer_config.json" }
  }

  /// What lies at a path: the files of a checkpoint, or a container that holds the same.
  private static func parts(
    _ path: String, _ options: CheckpointOptions
  ) throws -> (
    source: any WeightSource, configuration: ModelConfiguration, sideFiles: [SideFile], notices: [String],
    adapted: AdaptedSource?
  ) {
    if try ModelPath.isContainer(path) {
      try options.refuseForContainer(path)
      let model = try ContainerModel(path: path)
      let source = try ContainerSource(model)
      return (source, try model.configuration(), try SideFile.all(in: model), source.notices, nil)
    }
    let assembly = try ModelAssembly(path: path, options: options)
    let file = try assembly.configurationPath()
    let configuration = try ModelConfiguration(json: try assembly.configuration(at: file), file: file)
    return (
      assembly.source, configuration, try assembly.sideFiles(configurationPath: file), assembly.notices,
      assembly.adapted
    )
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
