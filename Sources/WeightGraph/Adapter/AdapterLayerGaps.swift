/// Layers whose modules an adapter leaves alone although it has updates for the same modules of other layers.
struct AdapterLayerGaps {
  /// Names of modules with `#` in place of a layer's number, and the numbers that lack an update.
  private let missing: [(module: String, layers: [Int])]

  /// Compares updates with a base.
  init(_ merges: [AdapterMerge], base names: some Sequence<String>) {
    var updated: [String: Set<Int>] = [:]
    for merge in merges {
      guard let (module, layer) = Self.split(merge.name) else { continue }
      updated[module, default: []].insert(layer)
    }
    var present: [String: Set<Int>] = [:]
    for name in names {
      guard let (module, layer) = Self.split(name), updated[module] != nil else { continue }
      present[module, default: []].insert(layer)
    }
    missing = updated.compactMap { module, layers in
      let rest = (present[module] ?? []).subtracting(layers)
      return rest.isEmpty ? nil : (module, rest.sorted())
    }.sorted { $0.module < $1.module }
  }

  /// Sentences for those modules that adapter_config.json names for all layers.
  func notices(_ configuration: AdapterConfiguration) -> [String] {
    let named = missing.filter { gap in
      configuration.targetModules.contains { gap.module.hasSuffix(".\($0).weight") }
    }
    guard !named.isEmpty else { return [] }
    let shown = named.prefix(8).map { gap in
      "\(gap.module.dropLast(".weight".count)) of layers \(Self.list(gap.layers))"
    }
    return [
      "the adapter has no update for modules that adapter_config.json names: " + shown.joined(separator: ", ")
        + (named.count > 8 ? " and \(named.count - 8) more" : "")
        + "; if all layers were trained, a part of it is missing"
    ]
  }

  /// A name without the number of its layer: the only component of digits.
  private static func split(_ name: String) -> (module: String, layer: Int)? {
    var components = name.split(separator: ".", omittingEmptySubsequences: false)
    let numbers = components.indices.filter { Int(components[$0]) != nil }
    guard numbers.count == 1, let layer = Int(components[numbers[0]]), layer >= 0 else { return nil }
    components[numbers[0]] = "#"
    return (components.joined(separator: "."), layer)
  }

  /// Numbers with runs of them shortened: 0, 3-7.
  private static func list(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.prefix(12).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ", ") + (runs.count > 12 ? ", ..." : "")
  }
}
