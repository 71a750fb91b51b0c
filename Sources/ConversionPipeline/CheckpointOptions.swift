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
