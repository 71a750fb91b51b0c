/// What FUSION adds to a language model: an image tower, projectors and samplers.
struct VisionModel: Sendable, Hashable {
  /// The name by which a configuration refers to the tower.
  let towerName: String
  let hiddenSize: Int
  let mlpSize: Int
  /// Layers published; the last one and the pooling head are not part of a FUSION checkpoint.
  let layerCount: Int
  let headCount: Int
  let patchSize: Int
  /// Samplers between the decoder's layers, the layer of the first one, and layers from one to the next.
  let samplerCount: Int
  let samplerStart: Int
  let samplerStride: Int
  /// The latents that training chose from, separated by commas.
  let queryLengths: String
  /// Whether the configuration states the tower's sizes; published ones leave them to the tower's name.
  let statesTowerSizes: Bool

  private static let so400mName = "google/siglip-so400m-patch14-384"
  private static let giantName = "google/siglip2-giant-opt-patch16-384"

  /// SigLIP-SO400M. A sampler has 9 hidden² weights; of 5.1 B (3B) and 10.0 B (8B) weights, those of language model,
  /// tower and projectors leave room for ten.
  static let so400m = VisionModel(
    towerName: so400mName, hiddenSize: 1152, mlpSize: 4304, layerCount: 27, headCount: 16, patchSize: 14,
    samplerCount: 10, samplerStart: 0, samplerStride: 3, queryLengths: "4,16,36,64,144", statesTowerSizes: false)

  /// SigLIP2-giant-opt.
  static let giant = VisionModel(
    towerName: giantName, hiddenSize: 1536, mlpSize: 6144, layerCount: 40, headCount: 16, patchSize: 16,
    samplerCount: 10, samplerStart: 0, samplerStride: 3, queryLengths: "4,16,36,64,144", statesTowerSizes: false)

  /// The depth and patches of SigLIP-SO400M with narrow layers.
  static let tinySO400M = VisionModel(
    towerName: so400mName, hiddenSize: 64, mlpSize: 140, layerCount: 27, headCount: 4, patchSize: 14,
    samplerCount: 2, samplerStart: 0, samplerStride: 3, queryLengths: "16", statesTowerSizes: true)

  /// The depth and patches of SigLIP2-giant-opt with narrow layers.
  static let tinyGiant = VisionModel(
    towerName: giantName, hiddenSize: 48, mlpSize: 96, layerCount: 40, headCount: 4, patchSize: 16,
    samplerCount: 2, samplerStart: 1, samplerStride: 2, queryLengths: "36", statesTowerSizes: true)

  /// The fields of a configuration file that FUSION adds.
  var configurationFields: [String: ConfigurationValue] {
    var fields: [String: ConfigurationValue] = [
      "freeze_mm_mlp_adapter": false,
      "image_aspect_ratio": "static_hd",
      "mm_hidden_size": .integer(hiddenSize),
      "mm_patch_merge_type": "flat",
      "mm_projector_lr": 1e-05,
      "mm_projector_type": "mlp2x_gelu",
      "mm_use_im_patch_token": false,
      "mm_use_im_start_end": true,
      "mm_vision_select_feature": "patch",
      "mm_vision_select_layer": -2,
      "mm_vision_tower": .string(towerName),
      "mm_vision_tower_lr": 1e-06,
      "num_of_vision_sampler_layers": .integer(samplerCount),
      "query_len": .string(queryLengths),
      "start_of_vision_sampler_layers": .integer(samplerStart),
      "stride_of_vision_sampler_layers": .integer(samplerStride),
      "tokenizer_model_max_length": 4096,
      "tokenizer_padding_side": "right",
      "tune_mm_mlp_adapter": false,
      "unfreeze_mm_vision_tower": true,
      "use_mm_proj": true,
      "window_size": 3,
    ]
    if statesTowerSizes {
      fields["vision_config"] = .object([
        "hidden_act": "gelu_pytorch_tanh",
        "hidden_size": .integer(hiddenSize),
        "image_size": 384,
        "intermediate_size": .integer(mlpSize),
        "layer_norm_eps": 1e-06,
        "num_attention_heads": .integer(headCount),
        "num_hidden_layers": .integer(layerCount),
        "patch_size": .integer(patchSize),
      ])
    }
    return fields
  }
}
