import FusionCore
import WeightGraph

/// An adapter_config.json: numbers within their ranges for any module, and the same from a file written anew.
enum AdapterFuzzing {
  private static let file = "adapter_config.json"
  private static let modules = [
    "", "lm_head", "model.layers.0.self_attn.qkv_proj", "model.layers.11.mlp.down_proj",
    "model.vision_tower.vision_tower.vision_model.encoder.layers.3.mlp.fc1", "a.\u{E9}\u{4F60}.a",
    String(repeating: "aab.", count: 120),
  ]

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let configuration = try AdapterConfiguration(json: Array(bytes), file: file)
    for module in modules {
      let (rank, alpha) = (configuration.rank(of: module), configuration.alpha(of: module))
      try FuzzFinding.require((1...65_536).contains(rank), "rank \(rank) of \(module)")
      try FuzzFinding.require(alpha.magnitude <= 1e6, "alpha \(alpha) of \(module)")
      let scaling = configuration.scaling(rank: rank, alpha: alpha)
      try FuzzFinding.require(scaling.magnitude <= 1e6, "scaling \(scaling) of \(module)")
    }
    let written = try FuzzFinding.accepting("the configuration") {
      try AdapterConfiguration(json: text(of: configuration), file: file)
    }
    try FuzzFinding.require(written == configuration, "the configuration changed by being written")
  }

  private static func text(of configuration: AdapterConfiguration) -> [UInt8] {
    let ranks = configuration.rankPatterns.map { "\(quoted($0.pattern.text)):\($0.rank)" }
    let alphas = configuration.alphaPatterns.map { "\(quoted($0.pattern.text)):\($0.alpha)" }
    let members = [
      "\"peft_type\":\"LORA\"", "\"r\":\(configuration.rank)", "\"lora_alpha\":\(configuration.alpha)",
      "\"use_rslora\":\(configuration.isRankStabilized)", "\"fan_in_fan_out\":\(configuration.storesInputsFirst)",
      "\"rank_pattern\":{\(ranks.joined(separator: ","))}", "\"alpha_pattern\":{\(alphas.joined(separator: ","))}",
      "\"target_modules\":[\(configuration.targetModules.map(quoted).joined(separator: ","))]",
      "\"modules_to_save\":[\(configuration.savedModules.map(quoted).joined(separator: ","))]",
      "\"ensure_weight_tying\":\(configuration.keepsTies)",
      "\"layers_to_transform\":\(configuration.choosesLayers ? "[0]" : "null")",
    ]
    return Array("{\(members.joined(separator: ","))}".utf8)
  }

  private static func quoted(_ text: String) -> String {
    var output: [UInt8] = []
    StrictJSONText.appendQuoted(text, to: &output)
    return String(decoding: output, as: UTF8.self)
  }
}
