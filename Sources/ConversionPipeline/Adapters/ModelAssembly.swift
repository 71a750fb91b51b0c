import FusionCore
import MappedFiles
import WeightGraph

/// A model's weights, put together from what the options of a checkpoint name: base, vision tower, projector, adapter.
struct ModelAssembly {
  /// All weights under one set of names.
  private(set) var source: any WeightSource
  /// The same, if there is an adapter in it.
  let adapted: AdaptedSource?
  /// What a user should know, the sources' own notices among it.
  private(set) var notices: [String]
  /// What the configuration has to say otherwise.
  private let edits: [ConfigurationEdit]

  private let path: String
  private let options: CheckpointOptions

  /// Opens everything; no weight of base, tower and projector is read.
  ///
  /// - Throws: every way in which the files can be wrong or not fit each other.
  init(path given: String, options: CheckpointOptions) throws {
    let path = try HubFolder.snapshot(of: given)
    self.path = path
    self.options = options
    let base = try WeightFiles.open(path, stateDictKey: options.stateDictKey)
    var source = base
    var notices: [String] = []
    var changed: Set<String> = []
    if options.visionTower != nil || options.projector != nil {
      let parts = try PartAssembly(base: source, path: path, options: options)
      source = parts.source
      changed.formUnion(parts.replaced)
      notices += parts.notices
    }
    var adapted: AdaptedSource?
    var edits: [ConfigurationEdit] = []
    if let adapter = options.adapter {
      let opened = try AdapterOpening.open(
        adapter, over: source, basePath: path, isTied: try Self.isTied(path, options))
      adapted = opened.source
      source = opened.source
      changed.formUnion(opened.source.plan.merges.map(\.name))
      changed.formUnion(opened.source.plan.replaced.keys)
      notices += opened.notices
      edits = opened.edits
    }
    self.adapted = adapted
    self.notices = source.notices + notices
    self.source = source
    self.edits = edits
    guard !edits.contains(TiedHead.untied), TiedHead.isLeftBehind(by: changed, in: base),
      try Self.isTied(path, options)
    else { return }
    // One parameter under two names: what changes the embedding changes the head, as where only one name is stored.
    self.source = try AssembledSource(
      parts: [
        AssembledSource.Part(
          source: source, folder: "",
          tensors: source.tensors.filter { $0.name != TiedHead.headName }.map { (name: $0.name, tensor: $0) })
      ], path: path)
    self.notices.append(
      "\(TiedHead.headName) is \(TiedHead.embeddingName) by tie_word_embeddings, and changes with it")
  }

  /// Whether the head is the embedding; without a configuration nothing is known of that.
  private static func isTied(_ path: String, _ options: CheckpointOptions) throws -> Bool {
    do {
      let file = try configurationPath(path, options)
      let json = try SideFile.read(file, limit: ModelConfiguration.maximumByteCount)
      return try ModelConfiguration(json: json, file: file).language.tieWordEmbeddings
    } catch let error as FusionError where error.code == .missingConfiguration {
      return false
    }
  }

  /// The bytes of the configuration, with what is no longer true of it changed.
  ///
  /// - Throws: what reading it throws.
  func configuration(at path: String) throws -> [UInt8] {
    try ConfigurationEdit.apply(edits, to: try SideFile.read(path, limit: SideFile.largestByteCount), file: path)
  }

  /// The path of the configuration that describes the whole.
  ///
  /// A base that is a language model alone does not describe a model with pictures; then the file beside the projector
  /// or the adapter does.
  ///
  /// - Throws: `.missingConfiguration`; `.assemblyConfiguration` if no file describes a model with pictures.
  func configurationPath() throws -> String { try Self.configurationPath(path, options) }

  private static func configurationPath(_ path: String, _ options: CheckpointOptions) throws -> String {
    let base = "\(Checkpoint.folder(of: path))/config.json"
    let projector = options.projector.map { "\(Checkpoint.folder(of: $0))/config.json" }
    let adapter = options.adapter.map { "\($0)/config.json" }
    for candidate in [projector, base, adapter].compactMap({ $0 }) where try describesPictures(candidate, options) {
      return candidate
    }
    guard options.visionTower == nil, options.projector == nil else {
      throw FusionError(
        .assemblyConfiguration, "no config.json describes the assembled model", file: projector ?? base,
        place: "model_type", expected: "fusion_phi or fusion_llama",
        found: try FileIdentity(path: base) == nil ? "no config.json" : "the configuration of a language model alone",
        remedy: "put the FUSION config.json beside the projector: the language model's own, with model_type, "
          + "mm_vision_tower, mm_hidden_size, query_len, window_size, num_of_vision_sampler_layers, "
          + "start_of_vision_sampler_layers and stride_of_vision_sampler_layers")
    }
    guard try FileIdentity(path: base) != nil else {
      let folder = Checkpoint.folder(of: path)
      throw FusionError(
        .missingConfiguration, "the checkpoint has no config.json", file: folder,
        expected: "config.json beside the weights", found: "only weights",
        remedy: "copy config.json (and the tokenizer files) of the same model into the folder")
    }
    return base
  }

  /// The base's small files, with the configuration that describes the whole.
  func sideFiles(configurationPath: String) throws -> [SideFile] {
    var files = try SideFile.all(in: Checkpoint.folder(of: path))
    let own = "\(Checkpoint.folder(of: path))/config.json"
    if configurationPath != own || !edits.isEmpty, let identity = try FileIdentity(path: configurationPath) {
      files.removeAll { $0.name == "config.json" }
      files.append(
        SideFile(
          name: "config.json", path: configurationPath, byteCount: Int(identity.byteCount),
          content: edits.isEmpty ? nil : try configuration(at: configurationPath)))
    }
    if adapted?.plan.grownVocabulary != nil, let adapter = options.adapter {
      let own = try SideFile.all(in: adapter).filter { AdapterFiles.tokenizerNames.contains($0.name) }
      files.removeAll { file in own.contains { $0.name == file.name } }
      files += own
    }
    return files.sorted { $0.name < $1.name }
  }

  private static func describesPictures(_ path: String, _ options: CheckpointOptions) throws -> Bool {
    guard let identity = try FileIdentity(path: path), identity.isRegularFile,
      options.adapter != nil || options.projector != nil || options.visionTower != nil
    else { return false }
    let json = try SideFile.read(path, limit: ModelConfiguration.maximumByteCount)
    return try ModelFamily.named(inConfiguration: json, file: path)?.hasVision ?? false
  }
}

extension FusionError.Code {
  /// No configuration describes what was put together.
  public static let assemblyConfiguration = Self("assembly.missingConfiguration", .missingInput)
}
