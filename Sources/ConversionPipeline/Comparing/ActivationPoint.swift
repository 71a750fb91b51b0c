import AccuracyReports

/// What the names of `trace` say about a point of the computation.
enum ActivationPoint {
  private static let single: Set<String> = [
    "aux.instruct_states", "vision.global.hidden.last", "vision.instruct.connector", "image_features",
    "instruct_features", "global_image_features", "init_latent_features", "inputs_embeds", logits,
  ]
  /// The last point of all.
  static let logits = "logits"

  /// Whether a comparison shows the point; others are copies of what is shown.
  static func isCompared(_ name: String) -> Bool {
    single.contains(name) || name.hasPrefix("vision.instruct.hidden.") || name.hasPrefix("decoder.hidden.")
      || (name.hasPrefix("sampler.") && name.hasSuffix(".output"))
  }

  /// The side of the model it belongs to.
  static func part(_ name: String) -> ActivationPart {
    let isLanguage =
      name == logits || name == "inputs_embeds" || name.hasPrefix("decoder.") || name.hasPrefix("sampler.")
    return isLanguage ? .language : .vision
  }

  /// The number of a layer's point.
  static func layer(_ name: String) -> Int? {
    guard name.contains(".hidden.") else { return nil }
    return name.split(separator: ".").last.flatMap { Int($0) }
  }

  /// Prefixes of the canonical names of the weights that were at work since the point before.
  static func weights(of name: String) -> [String] {
    if let layer = layer(name) {
      if name.hasPrefix("decoder.") { return ["language.layers.\(layer)."] }
      return layer == 0 ? ["vision.patch", "vision.position", "aux_projector."] : ["vision.layers.\(layer - 1)."]
    }
    switch name {
    case "aux.instruct_states": return ["language.embedding.", "aux_projector."]
    case "image_features", "instruct_features", "global_image_features", "init_latent_features":
      return ["projector."]
    case "inputs_embeds": return ["language.embedding."]
    case logits: return ["language.norm.", "language.head.", "language.embedding."]
    default:
      guard name.hasPrefix("sampler."), let number = name.split(separator: ".").dropFirst().first else { return [] }
      return ["samplers.\(number)."]
    }
  }
}
