import FusionCore

/// A checkpoint's tensors under canonical names, proven to be what the configuration asks for.
///
/// Only names, types and shapes are looked at; no weight is read.
public struct CanonicalGraph: Sendable {
  /// The configuration, completed by the tensors' shapes where it had to be.
  public let configuration: ModelConfiguration
  /// All tensors of the checkpoint in canonical order.
  public let tensors: [GraphTensor]
  /// Names that share another tensor, in canonical order.
  public let aliases: [GraphAlias]
  /// Things that a user should know but that do not stop the work, one sentence each.
  public let notices: [String]

  private let positions: [String: Int]

  /// The tensor of a canonical name, or of the name's target if it is an alias.
  public func tensor(named canonicalName: String) -> GraphTensor? {
    let target = aliases.first { $0.canonicalName == canonicalName }?.target ?? canonicalName
    return positions[target].map { tensors[$0] }
  }
}

extension CanonicalGraph {
  /// Maps a checkpoint to the canonical graph.
  ///
  /// - Parameters:
  ///   - configuration: what config.json says.
  ///   - tensors: all tensors of the checkpoint, in any order.
  ///   - shared: names of tensors that are the same bytes as another one, with the other's name.
  ///   - file: the checkpoint's path, for errors.
  /// - Throws: `FusionError` with `.graphMismatch` that names every problem, folded over layers.
  public static func build(
    configuration: ModelConfiguration, tensors: [TensorDescription], shared: [String: String] = [:], file: String
  ) throws -> CanonicalGraph {
    try checkCount(of: tensors, configuration, file: file)
    let diagnosis = GraphDiagnosis(configuration: configuration, tensors: tensors)
    let report = diagnosis.report()
    guard report.isEmpty else { throw report.error(file: file) }
    return CanonicalGraph(diagnosis, shared)
  }

  /// Tensors beyond those of the model that are still looked at one by one, to say what is wrong with them.
  static let maximumUnexpectedCount = 2048

  /// Refuses at once what would take long to explain name by name.
  private static func checkCount(
    of tensors: [TensorDescription], _ configuration: ModelConfiguration, file: String
  ) throws {
    guard tensors.count > maximumUnexpectedCount else { return }
    let wanted = ExpectedTensors.list(for: configuration.completed(by: tensors)).count
    guard tensors.count - wanted > maximumUnexpectedCount else { return }
    throw FusionError(
      .graphMismatch, "the tensors are not those of the model", file: file,
      place: "at least \(tensors.count - wanted) unexpected", expected: "at most \(wanted) tensors",
      found: "\(tensors.count) tensors", remedy: "check that config.json belongs to these weights")
  }

  /// Everything that keeps a checkpoint from being mapped; empty exactly if ``build(configuration:tensors:file:)``
  /// succeeds.
  public static func diagnose(
    configuration: ModelConfiguration, tensors: [TensorDescription]
  ) -> GraphProblemReport {
    GraphDiagnosis(configuration: configuration, tensors: tensors).report()
  }

  private init(_ diagnosis: GraphDiagnosis, _ shared: [String: String]) {
    configuration = diagnosis.configuration
    let isTied = diagnosis.configuration.language.tieWordEmbeddings
    let head = ExpectedTensors.headName
    var tensors: [GraphTensor] = []
    var aliases: [GraphAlias] = []
    // Of tensors that share their bytes, the first in canonical order stands for all.
    var owners: [String: String] = [:]
    for specification in diagnosis.specifications {
      guard let description = diagnosis.tensors[specification.sourceName] else { continue }
      let tensor = GraphTensor(description, specification)
      let group = shared[description.name] ?? description.name
      if let owner = owners[group] {
        // A tied head is what the configuration says anyway; its name is not kept, as other formats have none either.
        let isImplied = isTied && tensor.canonicalName == head && owner == ExpectedTensors.embeddingName
        aliases.append(
          GraphAlias(
            canonicalName: tensor.canonicalName, target: owner, sourceName: isImplied ? nil : description.name))
      } else {
        owners[group] = tensor.canonicalName
        tensors.append(tensor)
      }
    }
    self.tensors = tensors
    positions = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.canonicalName, $0) })
    let hasHead = positions[head] != nil
    if isTied, !hasHead, !aliases.contains(where: { $0.canonicalName == head }) {
      aliases.append(GraphAlias(canonicalName: head, target: ExpectedTensors.embeddingName))
    }
    self.aliases = aliases
    var notices = diagnosis.configuration.notices
    if isTied && hasHead {
      notices.append("lm_head.weight is there although tie_word_embeddings is set; it is kept as a tensor of its own")
    }
    notices += CanonicalGraph.notices(tensors, diagnosis.configuration)
    self.notices = notices
  }

  private static func notices(_ tensors: [GraphTensor], _ configuration: ModelConfiguration) -> [String] {
    var notices: [String] = []
    func add(_ words: String, _ matches: (GraphTensor) -> Bool) {
      let found = tensors.filter(matches)
      if let first = found.first {
        notices.append("\(counted(found.count)) \(words), such as \(first.description.name)")
      }
    }
    if let kept = configuration.vision?.keptLayerCount {
      add("of the vision tower's last layer, which the model does not use") {
        $0.isOptional && $0.canonicalName.hasPrefix("vision.layers.\(kept).")
      }
      add("of the vision tower's pooling head, which the model does not use") {
        $0.canonicalName.hasPrefix("vision.pooling.")
      }
    }
    add("with tables that a runtime computes for itself") { $0.role == .buffer }
    add("of a float type that is kept as it is, never quantized") {
      $0.role != .buffer && !$0.description.dtype.isQuantizable
    }
    return notices
  }

  private static func counted(_ count: Int) -> String { count == 1 ? "1 tensor" : "\(count) tensors" }
}
