/// How training programs call the entries of the files that they save.
enum StateDictNames {
  /// Entries that hold the weights, the most telling name first.
  static let weights = [
    "state_dict", "model_state_dict", "model_state", "model", "module", "net_state_dict", "net", "network", "params",
    "weights",
  ]

  /// Whether an entry holds what a training program needs besides the weights.
  static func isTrainingState(_ name: String) -> Bool {
    let name = name.lowercased()
    return ["optim", "sched", "scaler", "rng", "loss"].contains { name.contains($0) }
  }

  /// Prefixes that wrappers put before the names of all tensors.
  private static let wrapperPrefixes = ["module.", "_orig_mod."]

  /// What wrappers put before all of some names; empty where one name is without it, or is nothing else.
  static func wrappers(of names: [String]) -> String {
    var wrappers = ""
    while !names.isEmpty,
      let next = wrapperPrefixes.first(where: { prefix in
        names.allSatisfy { $0.hasPrefix(wrappers + prefix) && $0 != wrappers + prefix }
      })
    {
      wrappers += next
    }
    return wrappers
  }
}
