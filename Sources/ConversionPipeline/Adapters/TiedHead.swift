import FusionCore

/// A head that is the token embedding under a second name in the base's files.
enum TiedHead {
  static let headName = "lm_head.weight"
  static let embeddingName = "model.embed_tokens.weight"

  /// Whether the embedding changes and the head, the same bytes in the base, does not.
  ///
  /// - Parameter changed: names of the base's tensors that an adapter or a projector changes.
  static func isLeftBehind(by changed: Set<String>, in base: any WeightSource) -> Bool {
    func group(_ name: String) -> String { base.aliases[name] ?? name }
    return group(headName) == group(embeddingName) && changed.contains(embeddingName) && !changed.contains(headName)
  }
}
