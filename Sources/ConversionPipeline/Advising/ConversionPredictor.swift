import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// Predicts error and time of several conversions of one checkpoint, tensor by tensor, so that what a tensor asks for
/// (its rows, the products of its inputs) is read once for all of them.
struct ConversionPredictor {
  /// Conversions of one checkpoint with the same statistics; not empty.
  let converters: [Converter]
  /// The codings that were worked out, by conversion, kept for what comes after; `nil` to keep none.
  let codings: [TensorCodings]?

  /// Prepares predictions.
  ///
  /// - Parameter keepsCodings: whether codings are kept. With products of inputs they are large.
  init(converters: [Converter], keepsCodings: Bool) {
    precondition(!converters.isEmpty, "no conversion to predict")
    self.converters = converters
    let feedbacks = FeedbackCache(threads: converters[0].execution.threads)
    let planners = converters.map { RowCodingPlanner($0, feedbacks: feedbacks) }
    self.planners = planners
    codings = keepsCodings ? zip(converters, planners).map { TensorCodings(converter: $0, planner: $1) } : nil
  }

  private let planners: [RowCodingPlanner]

  /// Rows of a selection, and the weights that it may have at most: means over the many tensors of a model are known
  /// to a percent from far fewer.
  private static let selectedRowCount = 256
  private static let selectedWeightCount = 1 << 18

  /// A prediction for each conversion.
  ///
  /// - Throws: what reading source or statistics throws.
  func predictions(progress: ProgressHandler?) throws -> [ConversionPrediction] {
    let step = "predicting " + converters.map(\.recipe.scheme.name).joined(separator: ", ")
    let first = converters[0]
    var predictions = converters.map { _ in ConversionPrediction() }
    var reader = InputEnergyReader(calibration: first.calibration, kernels: first.execution.kernels)
    for (index, entry) in first.plan.entries.enumerated() {
      let trials = converters.map { TensorTrial($0.plan.entries[index], method: $0.recipe.method) }
      let outcomes = try outcomes(of: trials, entry: index, &reader)
      for (position, trial) in trials.enumerated() {
        guard let outcome = outcomes[trial] else { continue }
        predictions[position].add(outcome, weightCount: entry.tensor.description.shape.elementCount)
      }
      progress?(
        ProgressUpdate(step: step, done: index + 1, total: first.plan.entries.count, unit: .tensors))
    }
    return predictions
  }

  /// The outcome of each trial that differs from the others.
  private func outcomes(
    of trials: [TensorTrial], entry index: Int, _ reader: inout InputEnergyReader
  ) throws -> [TensorTrial: TensorOutcome] {
    let converter = converters[0]
    let tensor = converter.plan.entries[index].tensor
    let shape = tensor.description.shape
    // Vectors are kept, and nothing beside the matrices.
    guard tensor.description.dtype.isQuantizable, shape.rank > 1, shape.elementCount > 0 else {
      return Dictionary(trials.map { ($0, TensorOutcome()) }, uniquingKeysWith: { first, _ in first })
    }
    let sample = try sample(tensor, &reader)
    let positions = Dictionary(trials.indices.map { (trials[$0], $0) }, uniquingKeysWith: min).values.sorted()
    let feedbackSeconds = try warmUp(positions, entry: index)
    let (planners, codings) = (planners, codings)
    let results = Protected<[TensorTrial: TensorOutcome]>([:])
    let converters = converters
    try WorkerTeam(threads: converter.execution.threads).runThrowing(count: positions.count) { _, item in
      let position = positions[item]
      let entry = converters[position].plan.entries[index]
      var outcome = try sample.outcome(of: entry) {
        guard entry.encoding.isQuantized else { return nil }
        return try codings?[position].coding(ofEntry: index) ?? planners[position].coding(of: entry)
      }
      outcome.teamSeconds = feedbackSeconds[position] ?? 0
      results.withLock { $0[trials[position]] = outcome }
    }
    return results.withLock { $0 }
  }

  /// Works out what all conversions share that let columns make up for each other, so that its time is not taken for
  /// that of the first one.
  ///
  /// - Returns: for each position that it is for, the seconds.
  private func warmUp(_ positions: [Int], entry index: Int) throws -> [Int: Double] {
    let start = ContinuousClock.now
    let users = try positions.filter { position in
      let entry = converters[position].plan.entries[index]
      let inputs = converters[position].calibration?.inputs(ofWeight: entry.tensor.canonicalName)
      return try entry.encoding.isQuantized && planners[position].feedback(entry, inputs) != nil
    }
    let seconds = (ContinuousClock.now - start).seconds
    return Dictionary(users.map { ($0, seconds) }, uniquingKeysWith: { first, _ in first })
  }

  private func sample(_ tensor: GraphTensor, _ reader: inout InputEnergyReader) throws -> SampledTensor {
    let converter = converters[0]
    func read() throws -> RowSelection {
      try RowSelection(
        tensor.description, of: converter.checkpoint.source, rowCount: Self.selectedRowCount,
        weightCount: Self.selectedWeightCount, kernels: converter.execution.kernels)
    }
    // A conversion reads from front to back; what scattered rows take to come from a disk must not be held against it.
    try planners[0].readAhead(tensor.description)
    _ = try read()
    let start = ContinuousClock.now
    let selection = try read()
    let seconds = (ContinuousClock.now - start).seconds
    return SampledTensor(
      selection: selection, energy: try reader.energy(tensor, selection), readingSeconds: seconds,
      policy: converter.recipe.policy, kernels: converter.execution.kernels)
  }
}
