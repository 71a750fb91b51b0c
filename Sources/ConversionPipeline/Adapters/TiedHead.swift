import FusionCore
import WeightGraph

/// A head that is the token embedding: the same bytes under a second name, or no tensor of its own.
enum TiedHead {
  static let headName = "lm_head.weight"
  static let embeddingName = "model.embed_tokens.weight"
  /// What a configuration says when the two are not the same.
  static let untied = ConfigurationEdit(field: "tie_word_embeddings", value: "false")

  /// Whether the embedding changes and the head, the same bytes in the base, does not.
  ///
  /// - Parameter changed: names of the base's tensors that an adapter or a projector changes.
  static func isLeftBehind(by changed: Set<String>, in base: any WeightSource) -> Bool {
    func group(_ name: String) -> String { base.aliases[name] ?? name }
    return group(headName) == group(embeddingName) && changed.contains(embeddingName) && !changed.contains(headName)
  }

  /// Whether an adapter over a base whose head is its embedding changes one of the two alone.
  ///
  /// PEFT trains a copy of a module, or an update that one of the two has, and the other stays as it was. What was trained
  /// beside the updates, in the second file, is the base's own parameter, which stays one.
  static func isUntied(by plan: AdapterPlan, keepsTies: Bool) -> Bool {
    if plan.added[headName] != nil || plan.replaced[headName] != nil { return true }
    let merged = Set(plan.merges.map(\.name))
    if merged.contains(headName) { return true }
    return !keepsTies && (merged.contains(embeddingName) || plan.replaced[embeddingName]?.fileIndex == 0)
  }

  /// The head that a base has when it is untied: its embedding as it is, under the head's name.
  ///
  /// - Returns: `nil` if base or adapter have one under its own name.
  static func headOfItsOwn(
    _ plan: AdapterPlan, in base: any WeightSource
  ) -> (name: String, tensor: TensorDescription)? {
    guard plan.added[headName] == nil, !base.tensors.contains(where: { $0.name == headName }) else { return nil }
    return base.tensors.first { $0.name == embeddingName }.map { (headName, $0) }
  }
}
