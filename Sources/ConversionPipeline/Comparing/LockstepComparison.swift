import AccuracyMetrics
import FusionCore
import FusionRuntime
import WeightGraph

/// Takes all samples through both models, layer by layer, so that neither model has to fit into memory.
struct LockstepComparison {
  let reference: ComparedModel
  let candidate: ComparedModel
  let samples: [MeasuredSample]
  let options: ComparisonOptions
  let execution: ExecutionOptions

  /// What was found.
  struct Outcome {
    var activations = ActivationSums()
    var imageOutputs = OutputSums()
    var textOutputs = OutputSums()
    /// Both models' mapping losses of each sample with a picture.
    var mapping: [(reference: FusionRuntime.MappingLoss, candidate: FusionRuntime.MappingLoss)] = []
    /// For each sample whether a model, fed the right answer, would have chosen every token of it.
    var choosesAnswer: [(reference: Bool, candidate: Bool)] = []
  }

  /// Logits of this many positions are in memory at once.
  private static let positionsAtOnce = 64

  /// Runs the comparison.
  ///
  /// - Throws: what is wrong with a sample or a weight; `.nonfiniteActivation` if the reference computes such numbers.
  func run(progress: ProgressHandler?) throws -> Outcome {
    var outcome = Outcome()
    let batches = batches
    var done = 0
    let stageCount = reference.runtime.lockstepStages(hasPictures: samples.contains(where: \.hasPicture)).count + 1
    for batch in batches {
      let prompts = try samples[batch].map { try MeasuredPrompt($0, options, reference.runner) }
      let hasPictures = prompts.contains { $0.prompt.vision != nil }
      let pairs = prompts.map { (reference: LockstepState($0.prompt), candidate: LockstepState($0.prompt)) }
      for stage in reference.runtime.lockstepStages(hasPictures: hasPictures) {
        let loaded = (reference: try reference.runtime.load(stage), candidate: try candidate.runtime.load(stage))
        for pair in pairs {
          let recorders = (reference: PointRecorder(), candidate: PointRecorder())
          try reference.runtime.advance(pair.reference, through: loaded.reference, recorder: recorders.reference)
          try candidate.runtime.advance(pair.candidate, through: loaded.candidate, recorder: recorders.candidate)
          compare(recorders.reference, recorders.candidate, into: &outcome.activations)
        }
        done += 1
        progress?(
          ProgressUpdate(
            step: "comparing activations", done: done, total: batches.count * stageCount, unit: .layers))
      }
      for (offset, pair) in pairs.enumerated() {
        try finish(pair, prompts[offset], sample: batch.lowerBound + offset, &outcome)
      }
      done += 1
    }
    progress?(
      ProgressUpdate(
        step: "comparing activations", done: batches.count * stageCount, total: batches.count * stageCount,
        unit: .layers))
    return outcome
  }

  private func compare(_ reference: PointRecorder, _ candidate: PointRecorder, into sums: inout ActivationSums) {
    for (point, other) in zip(reference.points, candidate.points) {
      sums.add(
        point.name,
        ActivationDistance(reference: point.values, candidate: other.values, kernels: execution.kernels))
    }
  }

  private func finish(
    _ pair: (reference: LockstepState, candidate: LockstepState), _ prompt: MeasuredPrompt, sample: Int,
    _ outcome: inout Outcome
  ) throws {
    guard let layout = pair.reference.layout else { preconditionFailure("a prompt that has not been read") }
    var outputs = OutputSums()
    // A longer answer would be cut, so it has to be heard.
    let isHeardWhole = prompt.targets.count <= options.answerTokenLimit
    var chooses = (reference: isHeardWhole, candidate: isHeardWhole)
    for start in stride(from: 0, to: prompt.targets.count, by: Self.positionsAtOnce) {
      let targets = prompt.targets[start..<min(start + Self.positionsAtOnce, prompt.targets.count)]
      // The position before that of a token predicts it.
      let positions = targets.map { layout.positions[$0] - 1 }
      let tokens = targets.map { prompt.prompt.tokens.ids[$0] }
      let x = try reference.runtime.logits(pair.reference, positions: positions)
      let y = try candidate.runtime.logits(pair.candidate, positions: positions)
      outcome.activations.add(
        ActivationPoint.logits, ActivationDistance(reference: x, candidate: y, kernels: execution.kernels))
      outputs.add(reference: x, candidate: y, targets: tokens, sample: sample)
      for (row, token) in tokens.enumerated() {
        chooses.reference = chooses.reference && x.withRow(row) { TopAgreement.best(of: $0) == token }
        chooses.candidate = chooses.candidate && y.withRow(row) { TopAgreement.best(of: $0) == token }
      }
    }
    outcome.choosesAnswer.append(chooses)
    if prompt.prompt.vision != nil {
      outcome.imageOutputs.merge(outputs)
    } else {
      outcome.textOutputs.merge(outputs)
    }
    if let x = pair.reference.features, let y = pair.candidate.features {
      outcome.mapping.append((try reference.runtime.mappingLoss(x), try candidate.runtime.mappingLoss(y)))
    }
  }

  /// Ranges of samples whose activations fit into memory together, pictures and text apart.
  private var batches: [Range<Int>] {
    let size = max(1, (options.memoryLimit - Self.fixedByteCount) / max(sampleByteCount, 1))
    return stride(from: 0, to: samples.count, by: size).map { $0..<min($0 + size, samples.count) }
  }

  /// What a comparison takes whatever the number of samples: embeddings, heads, a layer of each model, scratch.
  private static let fixedByteCount = 1_500_000_000

  /// Bytes that a sample's activations take on both sides.
  private var sampleByteCount: Int {
    let footprint = SampleFootprint(reference.runtime.configuration)
    let windows = samples.compactMap { sample in
      if case .text(let tokens) = sample { tokens.count } else { nil }
    }
    // Questions and windows do not come together. A prompt of text is short; with a picture, its patches, latents and
    // some hundred tokens.
    let bytes =
      windows.max().map(footprint.byteCount(textPositions:))
      ?? footprint.byteCount(positions: 512 + footprint.visionPositionCount)
    return 2 * bytes
  }
}
