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
  static func fusion(
    side: Int = 4, queryLengths: String = "4", window: Int = 3, _ more: [String: String] = [:]
  ) throws -> ModelConfiguration {
    var fields = languageFields("fusion_llama", more)
    fields["query_len"] = "\"\(queryLengths)\""
    fields["window_size"] = "\(window)"
    fields["num_of_vision_sampler_layers"] = "1"
    fields["start_of_vision_sampler_layers"] = "0"
    fields["stride_of_vision_sampler_layers"] = "1"
    fields["mm_vision_tower"] = "\"a/tower\""
    fields["vision_config"] =
      "{\"hidden_size\":8,\"intermediate_size\":12,\"num_hidden_layers\":3,\"num_attention_heads\":2,"
      + "\"patch_size\":1,\"image_size\":\(side)}"
    return try configuration(fields)
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
    let text = "{" + fields.map { "\"\($0.key)\":\($0.value)" }.sorted().joined(separator: ",") + "}"
    return try ModelConfiguration(json: Array(text.utf8), file: "config.json")
  }
}
