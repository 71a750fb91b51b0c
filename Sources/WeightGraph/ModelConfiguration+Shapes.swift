import FusionCore

extension ModelConfiguration {
  /// The tensors that tell a tower's sizes.
  static let towerKeys = [
    SourceNames.vision + "embeddings.patch_embedding.weight",
    SourceNames.vision + "embeddings.position_embedding.weight",
    SourceNames.vision + "encoder.layers.0.mlp.fc1.weight",
  ]

  /// This configuration with the tower's sizes taken from its tensors, where config.json does not tell them.
  ///
  /// Shapes do not tell three things, which are assumed and named in ``notices``:
  /// - heads: 16, as in both published towers, or the largest smaller number that divides the hidden size;
  /// - pixels of a crop: 384 for the patch grids of the published towers, otherwise patches times patch size;
  /// - whether the last layer is still there: only if the pooling head is, since both are dropped together.
  ///
  /// - Parameter tensors: all tensors of the checkpoint.
  /// - Returns: an unchanged configuration if it was complete, or if the tensors do not tell a tower either; then
  ///   ``isComplete`` is false.
  public func completed(by tensors: [TensorDescription]) -> ModelConfiguration {
    guard !isComplete, let vision = VisionConfiguration(tensors: tensors) else { return self }
    let notice =
      "config.json does not tell the vision tower's sizes; taken from the tensors: hidden \(vision.hiddenSize), "
      + "MLP \(vision.intermediateSize), \(vision.keptLayerCount) layers, patch \(vision.patchSize); assumed: "
      + "\(vision.headCount) heads, \(vision.imageSize) pixels, \(vision.activation.rawValue), "
      + "epsilon \(vision.layerNormEpsilon)"
    return ModelConfiguration(
      family: family, language: language, vision: vision, visionTower: visionTower, interaction: interaction,
      promptTokenLimit: promptTokenLimit,
      notices: notices + [notice])
  }
}

extension VisionConfiguration {
  /// Sizes from the shapes of a tower's tensors; `nil` if they are absent, of another rank, or out of range.
  init?(tensors: [TensorDescription]) {
    var shapes: [String: [Int]] = [:]
    var layers: Set<Int> = []
    var hasPoolingHead = false
    for tensor in tensors where tensor.name.hasPrefix(SourceNames.vision) {
      if ModelConfiguration.towerKeys.contains(tensor.name) { shapes[tensor.name] = tensor.shape.dimensions }
      if let layer = SourceNames.layerNumber(tensor.name, after: SourceNames.visionLayers) { layers.insert(layer) }
      hasPoolingHead = hasPoolingHead || tensor.name.hasPrefix(SourceNames.vision + "head.")
    }
    let keys = ModelConfiguration.towerKeys
    guard let patch = shapes[keys[0]], patch.count == 4, let position = shapes[keys[1]], position.count == 2,
      let mlp = shapes[keys[2]], mlp.count == 2, let last = layers.max(),
      Self.hiddenSizes.contains(patch[0]), Self.intermediateSizes.contains(mlp[0]),
      Self.patchSizes.contains(patch[2]), position[0] > 0, position[0] <= 1 << 28
    else { return nil }
    let side = Int(Double(position[0]).squareRoot())
    let isPublishedGrid = (patch[2] == 14 && side == 27) || (patch[2] == 16 && side == 24)
    let image = isPublishedGrid ? 384 : side * patch[2]
    let published = hasPoolingHead ? last + 1 : last + 2
    guard Self.publishedLayerCounts.contains(published), Self.imageSizes.contains(image) else { return nil }
    let heads = stride(from: 16, to: 1, by: -1).first { patch[0] % $0 == 0 } ?? 1
    self.init(
      hiddenSize: patch[0], intermediateSize: mlp[0], publishedLayerCount: published, headCount: heads,
      patchSize: patch[2], imageSize: image, layerNormEpsilon: 1e-6, activation: .geluTanh, origin: .shapes)
  }
}
