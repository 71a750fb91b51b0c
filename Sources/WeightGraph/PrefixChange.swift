/// A change at the beginning of every name.
public enum PrefixChange: Sendable, Hashable {
  /// The prefix is too much.
  case remove(String)
  /// The prefix is missing.
  case add(String)

  /// Prefixes that training wrappers and exporters are known to put before names, or to leave away.
  static let known: [PrefixChange] =
    ["module.", "base_model.model.", "base_model.", "model.", "language_model.", "_orig_mod.", "module.model."]
    .map { .remove($0) } + [.add("model."), .add(SourceNames.vision)]

  /// What `name` becomes, or `nil` if the change does not apply to it.
  func applied(to name: String) -> String? {
    switch self {
    case .remove(let prefix): name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
    case .add(let prefix): prefix + name
    }
  }

  var condition: String {
    switch self {
    case .remove(let prefix): "without the prefix \"\(prefix)\""
    case .add(let prefix): "with the prefix \"\(prefix)\""
    }
  }

  var remedy: String {
    switch self {
    case .remove(let prefix): "save the checkpoint again without \"\(prefix)\" before its names"
    case .add(let prefix): "save the checkpoint again with \"\(prefix)\" before its names"
    }
  }
}
