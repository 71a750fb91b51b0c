import WeightGraph

/// Memory that the activations of one sample take between two layers of a pass.
struct SampleFootprint {
  private let configuration: ModelConfiguration

  init(_ configuration: ModelConfiguration) { self.configuration = configuration }

  /// Positions of a picture's patches and latents at most; 0 for a model without a tower.
  var visionPositionCount: Int {
    guard let vision = configuration.vision, let interaction = configuration.interaction else { return 0 }
    return vision.patchCount + (interaction.queryLengths.max() ?? 0)
  }

  /// Bytes of a sample of so many positions; for a model with a tower, of one with a picture.
  func byteCount(positions: Int) -> Int {
    let floatWidth = MemoryLayout<Float>.stride
    var bytes = 0
    if let vision = configuration.vision, let interaction = configuration.interaction {
      let patches = vision.patchCount
      let latents = interaction.queryLengths.max() ?? 0
      let tower = 3 * (5 * patches + 128) * vision.hiddenSize
      let windows = latents * interaction.windowSize * interaction.windowSize
      let features = (2 * patches + windows + latents) * configuration.language.hiddenSize
      bytes = max(tower, features) * floatWidth + 15 * vision.imageSize * vision.imageSize * floatWidth
    }
    return bytes + byteCount(textPositions: positions)
  }

  /// Bytes of a sample of so many positions that has no picture, whatever the model.
  func byteCount(textPositions: Int) -> Int {
    textPositions * configuration.language.hiddenSize * MemoryLayout<Float>.stride
  }
}
