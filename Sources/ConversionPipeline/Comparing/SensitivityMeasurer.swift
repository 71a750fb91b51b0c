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
  let unit: SensitivityUnit
  let options: ComparisonOptions
  let execution: ExecutionOptions
  let tensors: [TensorDifference]

  /// Samples with and without a picture that are measured with: every unit needs a pass of each.
  private static let sampleLimit = 4
  /// Positions of a sample whose logits are kept.
  private static let positionLimit = 64

  /// Weights that are replaced together.
  private struct Unit {
    let name: String
    let tensors: Set<String>
    /// The first stage that uses them.
    let stage: LockstepStage
    /// Whether a layer holds them, so that a model reads them again in every pass.
    var isLayer: Bool {
      switch stage {
      case .visionLayer, .decoderLayer: true
      case .visionInput, .visionOutput, .languageInput: false
      }
    }
  }

  /// A sample before the first stage, and what the reference predicts.
  private struct Sample {
    let state: LockstepState
    let positions: [Int]
    let targets: [Int]
    let logits: ActivationMatrix
  }

  /// The ranking.
  ///
  /// - Throws: as the passes do.
  func rank(progress: ProgressHandler?) throws -> SensitivityRanking {
    let units = units()
    let stages = reference.runtime.lockstepStages(hasPictures: reference.runtime.configuration.family.hasVision)
    let weights = SubstitutedWeights(reference.runner.model.weights, other: candidate.runner.model.weights)
    let model = try makeModel(weights)
    let samples = try measuredSamples(stages)
    var divergences: [String: Double] = [:]
    var done = 0
    func measure(_ unit: Unit, from index: Int, _ states: [LockstepState]) throws {
      weights.substitute(unit.tensors)
      defer { weights.substitute([]) }
      // What is in no layer is read when a model is made.
      let model = unit.isLayer ? model : try makeModel(weights)
      var sums = OutputSums()
      for (number, sample) in samples.enumerated() {
        let state = LockstepState(copying: states[number])
        for stage in stages[index...] { try model.advance(state, through: try model.load(stage)) }
        let logits = try model.logits(state, positions: sample.positions)
        sums.add(reference: sample.logits, candidate: logits, targets: sample.targets, sample: number)
      }
      divergences[unit.name] = sums.meanDivergence ?? 0
      done += 1
      progress?(ProgressUpdate(step: "measuring sensitivity", done: done, total: units.count, unit: .layers))
    }
    let states = samples.map(\.state)
    for (index, stage) in stages.enumerated() {
      for unit in units where unit.stage == stage { try measure(unit, from: index, states) }
      let loaded = try reference.runtime.load(stage)
      for state in states { try reference.runtime.advance(state, through: loaded) }
    }
    return ranking(units, divergences)
  }

  private func makeModel(_ weights: SubstitutedWeights) throws -> FusionModel {
    try FusionModel(
      weights, residency: .streamed,
      context: ComputeContext(
        kernels: execution.kernels, threads: execution.threads, precision: options.candidatePrecision,
        refusesNonfinite: false))
  }

  /// Samples before the first stage, with the reference's logits.
  private func measuredSamples(_ stages: [LockstepStage]) throws -> [Sample] {
    let chosen =
      samples.filter(\.hasPicture).prefix(Self.sampleLimit)
      + samples.filter { !$0.hasPicture }.prefix(Self.sampleLimit)
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
        logits: try reference.runtime.logits(state, positions: positions))
    }
  }

  /// Everything that the candidate has changed, cut into units.
  private func units() -> [Unit] {
    var order: [String] = []
    var members: [String: Set<String>] = [:]
    for tensor in tensors where !tensor.isExact {
      let name = unit == .tensors ? tensor.name : Self.layer(of: tensor)
      if members[name] == nil { order.append(name) }
      members[name, default: []].insert(tensor.name)
    }
    return order.map { Unit(name: $0, tensors: members[$0] ?? [], stage: stage(of: $0)) }
  }

  private static func layer(of tensor: TensorDifference) -> String {
    guard let layer = tensor.layer, let range = tensor.name.range(of: ".\(layer).") else {
      return tensor.name.split(separator: ".").dropLast().joined(separator: ".")
    }
    return String(tensor.name[..<range.upperBound].dropLast())
  }

  private func stage(of name: String) -> LockstepStage {
    let words = name.split(separator: ".")
    if words.count > 2, words[1] == "layers", let layer = Int(words[2]) {
      return words[0] == "vision" ? .visionLayer(layer) : .decoderLayer(layer)
    }
    // The instruction's embeddings go through the tower as well.
    let isText = !reference.runtime.configuration.family.hasVision
    return isText || words[0] == "samplers" ? .languageInput : .visionInput
  }

  private func ranking(_ units: [Unit], _ divergences: [String: Double]) -> SensitivityRanking {
    let total = divergences.values.filter(\.isFinite).reduce(0, +)
    let schemes = Dictionary(tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let entries = units.map { unit in
      let divergence = divergences[unit.name] ?? 0
      let share = total > 0 ? divergence / total : 0
      return (
        unit: unit,
        entry: SensitivityEntry(
          name: unit.name, divergence: divergence, share: share,
          suggestedScheme: share * Double(units.count) >= SensitivityPlan.wideningShare
            ? SensitivityPlan.wider(unit.tensors.compactMap { schemes[$0]?.scheme }) : nil)
      )
    }.sorted { ($0.entry.divergence, $1.entry.name) > ($1.entry.divergence, $0.entry.name) }
    let changes = entries.flatMap { pair in
      pair.entry.suggestedScheme.map { scheme in pair.unit.tensors.map { ($0, scheme) } } ?? []
    }
    return SensitivityRanking(
      method: "each of \(units.count) \(unit == .tensors ? "tensors" : "layers") of the candidate alone in the"
        + " reference: mean KL divergence over \(Self.sampleLimit) samples with and \(Self.sampleLimit) without a"
        + " picture at most, exact passes from its layer to the end",
      entries: entries.map(\.entry), plan: SensitivityPlan.text(tensors, changes: changes))
  }
}
