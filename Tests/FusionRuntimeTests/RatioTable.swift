import Foundation

/// Prints how close results are, for a developer: only with `FUSION_PRINT_RATIOS=1` in the environment.
enum RatioTable {
  private static let isWanted = ProcessInfo.processInfo.environment["FUSION_PRINT_RATIOS"] == "1"

  /// A line: what it is about, and numbers with their names.
  static func add(_ title: String, _ numbers: [(name: String, value: Double)]) {
    guard isWanted else { return }
    print(title, numbers.map { "\($0.name) \(String(format: "%.3g", $0.value))" }.joined(separator: "  "))
  }

  /// The worst ratio of each group of tensors.
  static func add(_ title: String, _ distances: [GoldenComparison.Distance]) {
    let groups = Dictionary(grouping: distances) { group(of: $0.name) }
    add(title, groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value.map(\.ratio).max() ?? 0) })
  }

  private static func group(of name: String) -> String {
    switch name {
    case "image_features", "instruct_features", "vision_features", "global_image_features": "projector"
    case "inputs_embeds", "embeddings", "instruct_embeddings", "global_ctx", "init_latent_features": "latents/context"
    case _ where name.hasPrefix("vision.") || name.hasPrefix("aux."): "vision"
    case _ where name.hasPrefix("final_norm") || name.contains("logits"): "logits"
    default: String(name.prefix { $0 != "." })
    }
  }
}
