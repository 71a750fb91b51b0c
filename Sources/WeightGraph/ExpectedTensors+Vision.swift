extension ExpectedTensors {
  static func addVision(_ vision: VisionConfiguration, to list: inout SpecificationList) {
    let hidden = visionHiddenSize(vision)
    let patch = SizeFormula(vision.patchSize, "vision_config.patch_size")
    let patches = SizeFormula(vision.patchCount, "patches")
    let source = SourceNames.vision
    list.add(
      "vision.patch_embedding.weight", source + "embeddings.patch_embedding.weight", .vision, .vision,
      [hidden, .constant(3), patch, patch])
    list.add(
      "vision.patch_embedding.bias", source + "embeddings.patch_embedding.bias", .vision, .vision, [hidden])
    list.add(
      "vision.position_embedding.weight", source + "embeddings.position_embedding.weight", .vision, .vision,
      [patches, hidden])
    list.add(
      "vision.position_ids", source + "embeddings.position_ids", .buffer, .vision, [.constant(1), patches],
      isOptional: true)
    for layer in 0..<vision.publishedLayerCount {
      addVisionLayer(vision, layer, isOptional: layer >= vision.keptLayerCount, to: &list)
    }
    list.addLayerNorm("vision.post_norm", source + "post_layernorm", .vision, hidden)
    addPoolingHead(vision, to: &list)
  }

  static func visionHiddenSize(_ vision: VisionConfiguration) -> SizeFormula {
    SizeFormula(vision.hiddenSize, "vision_config.hidden_size")
  }

  private static func addVisionLayer(
    _ vision: VisionConfiguration, _ layer: Int, isOptional: Bool, to list: inout SpecificationList
  ) {
    let hidden = visionHiddenSize(vision)
    let name = "vision.layers.\(layer)."
    let source = SourceNames.visionLayers + "\(layer)."
    list.addLayerNorm(name + "attention_norm", source + "layer_norm1", .vision, hidden, isOptional: isOptional)
    for (canonical, published) in [("q", "q_proj"), ("k", "k_proj"), ("v", "v_proj"), ("output", "out_proj")] {
      list.addLinear(
        name + "attention." + canonical, source + "self_attn." + published, .vision, .vision, rows: hidden,
        columns: hidden, hasBias: true, isOptional: isOptional)
    }
    list.addLayerNorm(name + "mlp_norm", source + "layer_norm2", .vision, hidden, isOptional: isOptional)
    addVisionMLP(vision, name + "mlp.", source + "mlp.", isOptional: isOptional, to: &list)
  }

  private static func addVisionMLP(
    _ vision: VisionConfiguration, _ name: String, _ source: String, isOptional: Bool, to list: inout SpecificationList
  ) {
    let hidden = visionHiddenSize(vision)
    let inner = SizeFormula(vision.intermediateSize, "vision_config.intermediate_size")
    list.addLinear(
      name + "up", source + "fc1", .vision, .vision, rows: inner, columns: hidden, hasBias: true,
      isOptional: isOptional)
    list.addLinear(
      name + "down", source + "fc2", .vision, .vision, rows: hidden, columns: inner, hasBias: true,
      isOptional: isOptional)
  }

  /// The head that pools a tower's output to one vector; the model drops it, other tools may have saved it.
  private static func addPoolingHead(_ vision: VisionConfiguration, to list: inout SpecificationList) {
    let hidden = visionHiddenSize(vision)
    let source = SourceNames.vision + "head."
    let name = "vision.pooling."
    list.add(
      name + "probe", source + "probe", .vision, .vision, [.constant(1), .constant(1), hidden], isOptional: true)
    list.add(
      name + "attention.qkv.weight", source + "attention.in_proj_weight", .vision, .vision, [3 * hidden, hidden],
      isOptional: true)
    list.add(
      name + "attention.qkv.bias", source + "attention.in_proj_bias", .vision, .vision, [3 * hidden],
      isOptional: true)
    list.addLinear(
      name + "attention.output", source + "attention.out_proj", .vision, .vision, rows: hidden, columns: hidden,
      hasBias: true, isOptional: true)
    list.addLayerNorm(name + "norm", source + "layernorm", .vision, hidden, isOptional: true)
    addVisionMLP(vision, name + "mlp.", source + "mlp.", isOptional: true, to: &list)
  }
}
