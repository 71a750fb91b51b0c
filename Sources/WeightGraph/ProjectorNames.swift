/// Names of a file with the weights that were trained between tower and language model.
package enum ProjectorNames {
  /// The name that a tensor of such a file has in a FUSION model: without training wrappers, and with `model.` before
  /// it where the file leaves it out.
  package static func modelName(of name: String) -> String {
    let bare = AdapterTensorName.withoutWrappers(name)
    return bare.hasPrefix("model.") || bare.hasPrefix("lm_head.") ? bare : "model." + bare
  }

  /// Whether a tensor is a token embedding or the head, which belong to the language model.
  package static func isVocabulary(_ name: String) -> Bool {
    name == "model.embed_tokens.weight" || name == "lm_head.weight"
  }
}
