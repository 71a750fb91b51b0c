import AccuracyReports
import Foundation
import FusionCore
import FusionRuntime
import WeightGraph

/// Measures what each of the candidate's weights does to the predictions when it alone replaces the reference's.
///
/// Nothing is approximated: for each unit the passes are run from the layer that it is in to the end, and the mean
/// divergence at the measured positions is taken.
struct SensitivityMeasurer {
  let reference: ComparedModel
  let candidate: ComparedModel
  let samples: [MeasuredSample]
  let options: ComparisonOptions
  let execution: ExecutionOptions

  /// Positions of a sample whose logits are kept.
  private static let positionLimit = 64

  /// A sample before the first stage, and what the reference predicts.
  private struct Sample {
    let state: LockstepState
    let positions: [Int]
    let targets: [Int]
    let logits: ActivationMatrix
    let hasPicture: Bool
  }

  /// The mean divergence that each part causes, in nats: that over samples with a picture and that over samples without
  /// count alike.
  ///
  /// - Throws: as the passes do.
  func divergences(of parts: [SensitivityPartition.Part], progress: ProgressHandler?) throws -> [Double] {
    let stages = reference.runtime.lockstepStages(hasPictures: reference.runtime.configuration.family.hasVision)
    let starts = parts.map { stage(of: $0.name) }
    let weights = SubstitutedWeights(reference.runner.model.weights, other: candidate.runner.model.weights)
    let model = try makeModel(weights)
    let samples = try measuredSamples(stages)
    var divergences = parts.map { _ in 0.0 }
    var done = 0
    func measure(_ part: Int, from index: Int, _ states: [LockstepState]) throws {
      weights.substitute(Set(parts[part].tensors))
      defer { weights.substitute([]) }
      // What is in no layer is read when a model is made.
      let model = Self.isReadInEveryPass(starts[part]) ? model : try makeModel(weights)
      var sums = (pictures: OutputSums(), text: OutputSums())
      // A layer is read once for all samples: reading takes longer than computing with so few.
      let copies = states.map { LockstepState(copying: $0) }
      for stage in stages[index...] {
        let loaded = try model.load(stage)
        for state in copies { try model.advance(state, through: loaded) }
      }
      for (number, (sample, state)) in zip(samples, copies).enumerated() {
        let logits = try model.logits(state, positions: sample.positions)
        if sample.hasPicture {
          sums.pictures.add(reference: sample.logits, candidate: logits, targets: sample.targets, sample: number)
        } else {
          sums.text.add(reference: sample.logits, candidate: logits, targets: sample.targets, sample: number)
        }
      }
      // An answer about a picture has far fewer positions than a text: each kind counts as one.
      let means = [sums.pictures.meanDivergence, sums.text.meanDivergence].compactMap { $0 }
      divergences[part] = means.isEmpty ? 0 : means.reduce(0, +) / Double(means.count)
      done += 1
      progress?(ProgressUpdate(step: "measuring sensitivity", done: done, total: parts.count, unit: .layers))
    }
    let states = samples.map(\.state)
    for (index, stage) in stages.enumerated() {
      for part in parts.indices where starts[part] == stage { try measure(part, from: index, states) }
      let loaded = try reference.runtime.load(stage)
      for state in states { try reference.runtime.advance(state, through: loaded) }
    }
    return divergences
  }

  /// Whether a layer holds the weights that a stage begins with, so that a model reads them again in every pass.
  private static func isReadInEveryPass(_ stage: LockstepStage) -> Bool {
    switch stage {
    case .visionLayer, .decoderLayer: true
    case .visionInput, .visionOutput, .languageInput: false
    }
  }

  private func makeModel(_ weights: SubstitutedWeights) throws -> FusionModel {
    try FusionModel(
      weights, residency: .streamed,
      context: ComputeContext(
        kernels: execution.kernels, threads: execution.threads, precision: options.candidatePrecision,
        keyValuePrecision: options.candidateKeyValuePrecision,
        refusesNonfinite: false))
  }

  /// Samples before the first stage, with the reference's logits.
  private func measuredSamples(_ stages: [LockstepStage]) throws -> [Sample] {
    let chosen =
      samples.filter(\.hasPicture).prefix(options.sensitivitySampleLimit)
      + samples.filter { !$0.hasPicture }.prefix(options.sensitivitySampleLimit)
    return try chosen.map { sample in
      let prompt = try MeasuredPrompt(sample, options, reference.runner)
      let targets = prompt.targets.prefix(Self.positionLimit)
      let state = LockstepState(prompt.prompt)
      for stage in stages { try reference.runtime.advance(state, through: try reference.runtime.load(stage)) }
      guard let layout = state.layout else { preconditionFailure("a prompt that has not been read") }
      let positions = targets.map { layout.positions[$0] - 1 }
      return Sample(
        state: LockstepState(prompt.prompt), positions: positions,
        targets: targets.map { prompt.prompt.tokens.ids[$0] },
        logits: try reference.runtime.logits(state, positions: positions), hasPicture: sample.hasPicture)
    }
  }

  /// The first stage that a part's weights are used in.
  private func stage(of name: String) -> LockstepStage {
    let words = name.split(separator: ".")
    if words.count > 2, words[1] == "layers", let layer = words[2].split(separator: "-").first.flatMap({ Int($0) }) {
      return words[0] == "vision" ? .visionLayer(layer) : .decoderLayer(layer)
    }
    // The instruction's embeddings go through the tower as well.
    let isText = !reference.runtime.configuration.family.hasVision
    return isText || words[0] == "samplers" ? .languageInput : .visionInput
  }
}
