/// What a tensor of an adapter is for, told from its name.
enum AdapterTensorName: Hashable {
  /// The factor next to the inputs, for a module.
  case factorA(module: String)
  /// The factor next to the outputs, for a module.
  case factorB(module: String)
  /// A whole tensor that replaces the base's.
  case whole(name: String)
  /// The base's own tensor, saved beside a trained one; not used by the trained model.
  case unused
  /// Something that merging does not know, in words.
  case unsupported(String)

  /// Prefixes of the programs that wrap a model for training, removed as often as they are there.
  private static let wrappers = ["base_model.model.", "base_model.", "module.", "_orig_mod."]

  init(_ name: String) {
    let bare = Self.withoutWrappers(name)
    let components = bare.split(separator: ".", omittingEmptySubsequences: false)
    guard let mark = components.firstIndex(where: Self.isMark) else {
      self = .whole(name: bare)
      return
    }
    let module = components[..<mark].joined(separator: ".")
    let rest = components[(mark + 1)...]
    switch components[mark] {
    case "base_layer": self = .whole(name: ([module] + rest.map(String.init)).joined(separator: "."))
    case "original_module": self = .unused
    case "modules_to_save":
      // An adapter's name may stand between the mark and the module's own tensor.
      let own = rest.count > 1 ? rest.dropFirst() : rest
      self = .whole(name: ([module] + own.map(String.init)).joined(separator: "."))
    case "lora_A", "lora_B":
      guard let last = rest.last, rest.count <= 2 else {
        self = .unsupported("a name of this form")
        return
      }
      if last == "bias" {
        self = .unsupported("lora_bias: the update has a trained bias of its own")
      } else if last == "weight" {
        self = components[mark] == "lora_A" ? .factorA(module: module) : .factorB(module: module)
      } else {
        self = .unsupported("a name of this form")
      }
    case "lora_embedding_A": self = .factorA(module: module)
    case "lora_embedding_B": self = .factorB(module: module)
    case "lora_magnitude_vector": self = .unsupported("use_dora: DoRA scales whole columns by trained magnitudes")
    default: self = .unsupported("trained single rows of the embedding")
    }
  }

  /// A name without what training wrappers put before it.
  package static func withoutWrappers(_ name: String) -> String {
    var rest = name[...]
    while let wrapper = wrappers.first(where: rest.hasPrefix) { rest = rest.dropFirst(wrapper.count) }
    // A wrapper that keeps the model in a field called model doubles the first component.
    while rest.hasPrefix("model.model.") { rest = rest.dropFirst("model.".count) }
    return String(rest)
  }

  private static func isMark(_ component: Substring) -> Bool {
    switch component {
    case "base_layer", "original_module", "modules_to_save", "lora_A", "lora_B", "lora_embedding_A",
      "lora_embedding_B", "lora_magnitude_vector", "token_adapter", "trainable_tokens_delta":
      true
    default: false
    }
  }
}
