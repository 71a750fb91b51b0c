/// Names of a vision tower's own checkpoint.
package enum TowerNames {
  /// Tensors of a model of pictures and texts that have nothing to do with the tower.
  private static let foreign = ["text_model.", "logit_scale", "logit_bias", "text_projection", "visual_projection"]
  private static let ownStarts = ["embeddings.", "encoder.layers.", "post_layernorm.", "head."]

  /// The name that a tensor of a tower's checkpoint has in a FUSION model; `nil` for one that is not of the tower, or
  /// that is a table of positions.
  ///
  /// Whatever stands before `vision_model.` is taken off; a tower saved alone may lack that too.
  package static func modelName(of name: String) -> String? {
    let bare = AdapterTensorName.withoutWrappers(name)
    guard !foreign.contains(where: bare.hasPrefix), !bare.hasSuffix(".position_ids") else { return nil }
    let components = bare.split(separator: ".", omittingEmptySubsequences: false)
    if let index = components.lastIndex(of: "vision_model"), index + 1 < components.count {
      return SourceNames.vision + components[(index + 1)...].joined(separator: ".")
    }
    return ownStarts.contains(where: bare.hasPrefix) ? SourceNames.vision + bare : nil
  }

  /// Whether a name in a FUSION model is one of the tower's.
  package static func isOfTower(_ name: String) -> Bool { name.hasPrefix(SourceNames.vision) }
}
