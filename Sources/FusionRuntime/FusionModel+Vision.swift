import FusionCore
import WeightGraph

extension FusionModel {
  /// Encodes a picture together with a question.
  ///
  /// - Precondition: the model has a vision tower.
  /// - Throws: what is wrong with a weight; `.tokenOutOfRange`, `.nonfiniteActivation`.
  public func encode(
    _ request: VisionRequest, recorder: (any ActivationRecorder)? = nil, progress: LayerProgress? = nil
  ) throws -> VisionFeatures {
    let begun = try beginEncoding(request, recorder: recorder)
    let tower = parts.tower
    for index in 0..<tower.layers.count {
      try tower.advance(begun.pass, through: try tower.layers.layer(index), index: index, recorder: recorder)
      progress?(index + 1, tower.layers.count)
    }
    return try finishEncoding(request, begun, recorder: recorder)
  }

  /// A picture and a question before the tower's first layer.
  struct BegunEncoding {
    let pass: VisionPass
    /// The question's embeddings: [tokens, hidden].
    let embeddings: ActivationMatrix
    let isPadding: [Bool]
  }

  /// Brings the question into the tower's width and embeds the picture.
  func beginEncoding(_ request: VisionRequest, recorder: (any ActivationRecorder)?) throws -> BegunEncoding {
    let embeddings = try language.embed(request.instruction)
    // The reference takes token 0 for padding, whatever it stands for in the vocabulary.
    let isPadding = request.instruction.map { $0 == 0 }
    let instruction = parts.auxProjector.apply(to: embeddings, .language, context)
    try check(instruction, place: "the auxiliary projector", prefixes: ["aux_projector."])
    try recorder?.record("aux.instruct_states", instruction)
    return BegunEncoding(
      pass: parts.tower.begin(request.crops, instruction: instruction, isPadding: isPadding), embeddings: embeddings,
      isPadding: isPadding)
  }

  /// Brings what the tower's last layer gave into the decoder's width.
  func finishEncoding(
    _ request: VisionRequest, _ begun: BegunEncoding, recorder: (any ActivationRecorder)?
  ) throws -> VisionFeatures {
    let vision = parts
    let output = try vision.tower.finish(begun.pass, recorder: recorder)
    let side = vision.tower.vision.patchesPerSide
    let patchCount = side * side
    let guided = vision.projector.apply(to: output.guided, .mixed(vision: [0..<patchCount]), context)
    let global = vision.projector.apply(to: output.global, .vision, context)
    for features in [guided, global] { try check(features, place: "the projector", prefixes: ["projector."]) }
    let patches = guided.copy(rows: 0..<patchCount)
    let instructed = guided.copy(rows: patchCount..<guided.rowCount)
    try recorder?.record("image_features", patches)
    try recorder?.record("instruct_features", instructed)
    try recorder?.record("instruct_embeddings", begun.embeddings)

    let map = FeatureGrid(quarters: global, side: side)
    try recorder?.record("global_image_features", map.features)
    guard let queries = request.queryLength.squareRoot else { preconditionFailure("no perfect square") }
    let latents = map.maxPooled(to: queries, context)
    let pooled = map.maxPooled(to: queries * vision.interaction.windowSize, context)
    let windows = pooled.windows(ofSide: vision.interaction.windowSize)
    try recorder?.record("init_latent_features", latents.features)
    try recorder?.record("global_ctx", pooled.features)

    var image = patches
    if let side = request.imageTokenCount?.squareRoot {
      image = FeatureGrid(patches, side: vision.tower.vision.patchesPerSide).resized(to: side).features
    }
    return VisionFeatures(
      image: image, patches: patches, instruction: instructed, instructionEmbeddings: begun.embeddings,
      isPadding: begun.isPadding, patchEmbeddings: output.patchEmbeddings, latents: latents.features, windows: windows)
  }

  /// What only a FUSION model has.
  private var parts: VisionParts {
    guard let vision else { preconditionFailure("\(configuration.family.rawValue) has no vision tower") }
    return vision
  }

  private func check(_ x: ActivationMatrix, place: String, prefixes: [String]) throws {
    try NonfiniteCheck(weights: language.weights, context: context).check(x, place: place, prefixes: prefixes)
  }
}

extension FeatureGrid {
  /// Square windows in raster order, each window's features in raster order too.
  fileprivate func windows(ofSide size: Int) -> ActivationMatrix {
    let windowsPerSide = side / size
    let rows = (0..<(windowsPerSide * windowsPerSide)).flatMap { window in
      (0..<(size * size)).map { offset in
        let y = window / windowsPerSide * size + offset / size
        let x = window % windowsPerSide * size + offset % size
        return y * side + x
      }
    }
    return features.copy(rows: rows)
  }
}
