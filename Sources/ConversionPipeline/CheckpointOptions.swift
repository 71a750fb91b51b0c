import FusionCore

/// What a checkpoint is put together from, beside the weights that its path names.
public struct CheckpointOptions: Sendable {
  /// Which entry of a PyTorch file holds the weights, as keys joined by dots; `nil` finds it.
  public var stateDictKey: String?
  /// Folder of a LoRA adapter that is merged into the weights.
  public var adapter: String?
  /// Folder or file of a vision tower's own checkpoint.
  public var visionTower: String?
  /// File with the weights between tower and language model.
  public var projector: String?

  /// Collects the fields.
  public init(
    stateDictKey: String? = nil, adapter: String? = nil, visionTower: String? = nil, projector: String? = nil
  ) {
    self.stateDictKey = stateDictKey
    self.adapter = adapter
    self.visionTower = visionTower
    self.projector = projector
  }
}

extension CheckpointOptions {
  /// Refuses options of a checkpoint where a container was named: it is whole already.
  ///
  /// - Throws: a usage error.
  public func refuseForContainer(_ path: String) throws {
    let given = [
      ("--state-dict-key", stateDictKey), ("--adapter", adapter), ("--vision-tower", visionTower),
      ("--projector", projector),
    ].filter { $0.1 != nil }.map(\.0)
    guard !given.isEmpty else { return }
    throw FusionError(
      .checkpointOptionForContainer, "a container takes nothing more in", file: path,
      place: given.joined(separator: ", "), expected: "a checkpoint", found: "a .fusion container",
      remedy: "name the checkpoint that the container was made from, or leave the options out")
  }
}

extension FusionError.Code {
  /// An option that puts a checkpoint together was given with a container.
  public static let checkpointOptionForContainer = Self("options.checkpointOptionForContainer", .usage)
}
