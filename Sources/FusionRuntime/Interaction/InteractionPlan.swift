import WeightGraph

/// What the samplers need in a prefill: where the latents are, and what they look at.
struct InteractionPlan {
  let samplers: LayerShelf<LatentSampler>
  /// The decoder layer after which each sampler works.
  let layers: [Int]
  let queryLength: Int
  /// [query length * window^2, hidden], one window after the other.
  let windows: ActivationMatrix
  /// Positions of all latents, turn by turn.
  let latentPositions: [Int]
  /// Position of the last prompt token of each turn.
  let questionPositions: [Int]
  /// Looks at what the samplers give.
  let check: NonfiniteCheck

  /// Works on the residual stream after a decoder layer.
  func rewrite(
    _ x: ActivationMatrix, after layer: Int, _ context: ComputeContext, _ recorder: (any ActivationRecorder)?
  )
    throws
  {
    for (index, place) in layers.enumerated() where place == layer {
      let latents = x.copy(rows: latentPositions)
      let questions = x.copy(rows: latentPositions.indices.map { questionPositions[$0 / queryLength] })
      let rewritten = try samplers.layer(index).rewrite(
        latents, questions: questions, windows: windows, queryLength: queryLength, context)
      try check.check(rewritten, place: "sampler \(index)", prefixes: ["samplers.\(index)."])
      for (row, position) in latentPositions.enumerated() { _ = x[position].update(from: rewritten[row]) }
      try recorder?.record("sampler.\(index).queries", questions)
      try recorder?.record("sampler.\(index).image_tokens", latents)
      try recorder?.record("sampler.\(index).output", rewritten)
    }
  }
}
