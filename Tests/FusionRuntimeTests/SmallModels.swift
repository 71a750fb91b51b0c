import FusionCore
import FusionRuntime
import NumericKernels
import WeightGraph

/// Configurations of models that are small enough to compute the long way.
enum SmallModels {
  static func context(threads: Int = 2) throws -> ComputeContext {
    ComputeContext(kernels: try KernelSet.forThisMachine(), threads: threads)
  }

  /// A decoder alone.
  ///
  /// - Parameters:
  ///   - type: `llama` or `phi3`.
  ///   - more: fields to add or to put in place of these, each with its JSON value.
  static func language(_ type: String, _ more: [String: String] = [:]) throws -> ModelConfiguration {
    try configuration(languageFields(type, more))
  }

  /// A whole FUSION model over LLaMA.
  ///
  /// - Parameters:
  ///   - side: patches along one side of a crop, each of one pixel.
  ///   - queryLengths: as in `query_len`.
  ///   - tower: fields of `vision_config` to add or to put in place of these.
  static func fusion(
    side: Int = 4, queryLengths: String = "4", window: Int = 3, _ more: [String: String] = [:],
    tower: [String: String] = [:]
  ) throws -> ModelConfiguration {
    let vision = [
      "hidden_size": "8", "intermediate_size": "12", "num_hidden_layers": "3", "num_attention_heads": "2",
      "patch_size": "1", "image_size": "\(side)",
    ]
    let fields = [
      "query_len": "\"\(queryLengths)\"", "window_size": "\(window)", "num_of_vision_sampler_layers": "1",
      "start_of_vision_sampler_layers": "0", "stride_of_vision_sampler_layers": "1",
      "vision_config": object(vision.merging(tower) { _, new in new }),
    ]
    return try configuration(languageFields("fusion_llama", fields.merging(more) { _, new in new }))
  }

  private static func languageFields(_ type: String, _ more: [String: String]) -> [String: String] {
    let fields = [
      "model_type": "\"\(type)\"", "hidden_size": "32", "intermediate_size": "48", "num_hidden_layers": "2",
      "num_attention_heads": "4", "num_key_value_heads": "2", "vocab_size": "50", "rope_theta": "10000",
      "max_position_embeddings": "1000", "rms_norm_eps": "1e-5",
    ]
    return fields.merging(more) { _, new in new }
  }

  private static func configuration(_ fields: [String: String]) throws -> ModelConfiguration {
    try ModelConfiguration(json: Array(object(fields).utf8), file: "config.json")
  }

  private static func object(_ fields: [String: String]) -> String {
    "{" + fields.map { "\"\($0.key)\":\($0.value)" }.sorted().joined(separator: ",") + "}"
  }
}
