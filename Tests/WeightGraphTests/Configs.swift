/// Configurations with the published sizes, and tiny ones.
enum Configs {
  static var phiMini: [String: Any] {
    [
      "model_type": "phi3", "hidden_size": 3072, "intermediate_size": 8192, "num_hidden_layers": 32,
      "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 32064, "rms_norm_eps": 1e-5,
      "max_position_embeddings": 131_072, "original_max_position_embeddings": 4096, "rope_theta": 10000.0,
    ]
  }

  static var llama8B: [String: Any] {
    [
      "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
      "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128_256, "rms_norm_eps": 1e-5,
      "max_position_embeddings": 131_072, "rope_theta": 500000.0,
    ]
  }

  static let siglip = "google/siglip-so400m-patch14-384"
  static let siglip2 = "google/siglip2-giant-opt-patch16-384"

  /// A FUSION model with ten samplers, the number that the published parameter counts imply.
  static func fusion(_ language: [String: Any], tower: String) -> [String: Any] {
    language.merging([
      "model_type": "fusion_" + (language["model_type"] as? String == "phi3" ? "phi" : "llama"),
      "mm_vision_tower": tower, "mm_projector_type": "mlp2x_gelu", "num_of_vision_sampler_layers": 10,
      "start_of_vision_sampler_layers": 0, "stride_of_vision_sampler_layers": 3, "query_len": "4,16,36,64,144,256",
      "window_size": 3,
    ]) { $1 }
  }

  static var tinyVision: [String: Any] {
    [
      "hidden_size": 32, "intermediate_size": 40, "num_hidden_layers": 3, "num_attention_heads": 4, "patch_size": 14,
      "image_size": 56,
    ]
  }

  /// A small FUSION model of either layout: four decoder layers, two vision layers, one sampler.
  static func tiny(_ type: String) -> [String: Any] {
    var config: [String: Any] = [
      "model_type": type, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 4,
      "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 100, "rope_theta": 10000.0,
    ]
    if type.hasPrefix("fusion") {
      config["vision_config"] = tinyVision
      config["num_of_vision_sampler_layers"] = 1
      config["start_of_vision_sampler_layers"] = 1
      config["stride_of_vision_sampler_layers"] = 2
      config["query_len"] = "16"
      config["window_size"] = 3
    }
    return config
  }
}
