import FusionCore
import WeightGraph

/// A language model, a vision tower and the weights between them, each from files of its own.
struct PartAssembly {
  let source: any WeightSource
  let notices: [String]
  /// Names of the base's tensors that the projector's file replaces.
  let replaced: Set<String>

  /// - Throws: `.assemblyNoTower`, `.assemblyDuplicateTensor`, what is wrong with a file.
  init(base: any WeightSource, path: String, options: CheckpointOptions) throws {
    var notices: [String] = []
    var tower: [(name: String, tensor: TensorDescription)] = []
    let towerSource = try options.visionTower.map { try WeightFiles.open($0) }
    if let towerSource, let towerPath = options.visionTower {
      tower = towerSource.tensors.compactMap { tensor in
        TowerNames.modelName(of: tensor.name).map { (name: $0, tensor: tensor) }
      }
      guard !tower.isEmpty else { throw Self.noTower(towerSource, path: towerPath) }
      let passed = towerSource.tensors.count - tower.count
      notices.append(
        "vision tower: \(tower.count) tensors taken"
          + (passed == 0
            ? "" : ", \(passed) that are not the tower's passed over, such as \(Self.firstPassed(towerSource))"))
    }
    let projectorSource = try options.projector.map { try WeightFiles.open($0) }
    let projector = (projectorSource?.tensors ?? []).map { tensor in
      (name: ProjectorNames.modelName(of: tensor.name), tensor: tensor)
    }
    let trained = Set(projector.map(\.name))
    let ownNames = Set(base.tensors.map(\.name))
    let replaced = trained.intersection(ownNames.union(tower.map(\.name))).sorted()
    if projectorSource != nil {
      notices.append(Self.projectorNotice(projector.count, replaced))
    }
    var parts = [
      AssembledSource.Part(
        source: base, folder: "",
        tensors: base.tensors.filter { !trained.contains($0.name) }.map { (name: $0.name, tensor: $0) })
    ]
    if let towerSource {
      parts.append(
        AssembledSource.Part(
          source: towerSource, folder: "vision-tower", tensors: tower.filter { !trained.contains($0.name) }))
    }
    if let projectorSource {
      parts.append(AssembledSource.Part(source: projectorSource, folder: "projector", tensors: projector))
    }
    source = try AssembledSource(parts: parts, path: path)
    self.notices = notices
    self.replaced = Set(replaced)
  }

  private static func projectorNotice(_ count: Int, _ replaced: [String]) -> String {
    let vocabulary = replaced.filter(ProjectorNames.isVocabulary)
    let others = replaced.count - vocabulary.count
    var text = "projector: \(count) tensors taken"
    if !vocabulary.isEmpty { text += "; \(vocabulary.joined(separator: " and ")) of the base replaced by its own" }
    if others > 0 { text += "; \(others) other tensors replaced by its own" }
    return text
  }

  private static func firstPassed(_ source: any WeightSource) -> String {
    source.tensors.first { TowerNames.modelName(of: $0.name) == nil }?.name ?? ""
  }

  private static func noTower(_ source: any WeightSource, path: String) -> FusionError {
    FusionError(
      .assemblyNoTower, "the vision tower's checkpoint holds no vision tower", file: path,
      expected: "tensors named vision_model.*",
      found: source.tensors.first.map { "names such as \($0.name)" } ?? "nothing",
      remedy: "name the folder of a SigLIP or SigLIP2 checkpoint")
  }
}

extension FusionError.Code {
  /// What should be a vision tower is something else.
  public static let assemblyNoTower = Self("assembly.noTower")
}
