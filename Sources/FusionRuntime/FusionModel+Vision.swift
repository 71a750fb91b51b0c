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
    guard let vision else { preconditionFailure("\(configuration.family.rawValue) has no vision tower") }
    let embeddings = try language.embed(request.instruction)
    // The reference takes token 0 for padding, whatever it stands for in the vocabulary.
    let isPadding = request.instruction.map { $0 == 0 }
    let instruction = vision.auxProjector.apply(to: embeddings, context)
    try check(instruction, place: "the auxiliary projector", prefixes: ["aux_projector."])
    try recorder?.record("aux.instruct_states", instruction)
    let output = try vision.tower.encode(
      request.crops, instruction: instruction, isPadding: isPadding, recorder: recorder, progress: progress)

    let side = vision.tower.vision.patchesPerSide
    let patchCount = side * side
    let guided = vision.projector.apply(to: output.guided, context)
    let global = vision.projector.apply(to: output.global, context)
    for features in [guided, global] { try check(features, place: "the projector", prefixes: ["projector."]) }
    let patches = guided.copy(rows: 0..<patchCount)
    let instructed = guided.copy(rows: patchCount..<guided.rowCount)
    try recorder?.record("image_features", patches)
    try recorder?.record("instruct_features", instructed)
    try recorder?.record("instruct_embeddings", embeddings)

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
      image: image, patches: patches, instruction: instructed, instructionEmbeddings: embeddings,
      isPadding: isPadding, patchEmbeddings: output.patchEmbeddings, latents: latents.features, windows: windows)
  }

  private func check(_ x: ActivationMatrix, place: String, prefixes: [String]) throws {
    try NonfiniteCheck(weights: language.weights, kernels: context.kernels).check(x, place: place, prefixes: prefixes)
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
