import FusionCore
import NumericKernels
import Quantizers
import WeightGraph

/// Predicts error and time of several conversions of one checkpoint, tensor by tensor, so that what a tensor asks for
/// (its rows, the products of its inputs) is read once for all of them.
struct ConversionPredictor {
  /// Conversions of one checkpoint with the same statistics; not empty.
  let converters: [Converter]

  /// Rows of a selection, and the weights that it may have at most: means over the many tensors of a model are known
  /// to a percent from far fewer.
  private static let selectedRowCount = 256
  private static let selectedWeightCount = 1 << 18

  /// Means of products of the input that was looked at last: tensors that share an input follow each other.
  private struct Moments {
    var site = ""
    var values: [Float] = []
  }

  /// A prediction for each conversion.
  ///
  /// - Throws: what reading source or statistics throws.
  func predictions(progress: ProgressHandler?) throws -> [ConversionPrediction] {
    let first = converters[0]
    let feedbacks = FeedbackCache(threads: first.execution.threads)
    let planners = converters.map { converter in
      RowCodingPlanner(
        source: converter.checkpoint.source, method: converter.recipe.method, calibration: converter.calibration,
        feedbacks: feedbacks, execution: converter.execution)
    }
    var predictions = converters.map { _ in ConversionPrediction() }
    var moments = Moments()
    let totalByteCount = first.plan.entries.reduce(0) { $0 + $1.tensor.description.byteCount }
    var byteCount = 0
    for (index, entry) in first.plan.entries.enumerated() {
      let trials = converters.map { TensorTrial($0.plan.entries[index], method: $0.recipe.method) }
      let outcomes = try outcomes(of: trials, entry: index, planners, &moments)
      for (position, trial) in trials.enumerated() {
        guard let outcome = outcomes[trial] else { continue }
        predictions[position].add(outcome, weightCount: entry.tensor.description.shape.elementCount)
      }
      byteCount += entry.tensor.description.byteCount
      progress?(
        ProgressUpdate(step: "predicting errors", doneByteCount: byteCount, totalByteCount: totalByteCount))
    }
    return predictions
  }

  /// The outcome of each trial that differs from the others.
  private func outcomes(
    of trials: [TensorTrial], entry index: Int, _ planners: [RowCodingPlanner], _ moments: inout Moments
  ) throws -> [TensorTrial: TensorOutcome] {
    let converter = converters[0]
    let tensor = converter.plan.entries[index].tensor
    let shape = tensor.description.shape
    // Vectors are kept, and nothing beside the matrices.
    guard tensor.description.dtype.isQuantizable, shape.rank > 1, shape.elementCount > 0 else {
      return Dictionary(trials.map { ($0, TensorOutcome()) }, uniquingKeysWith: { first, _ in first })
    }
    let sample = try sample(tensor, &moments)
    let positions = Dictionary(trials.indices.map { (trials[$0], $0) }, uniquingKeysWith: min).values.sorted()
    let feedbackSeconds = try warmUp(planners, positions, entry: index)
    let results = Protected<[TensorTrial: TensorOutcome]>([:])
    let converters = converters
    try WorkerTeam(threads: converter.execution.threads).runThrowing(count: positions.count) { _, item in
      let position = positions[item]
      let entry = converters[position].plan.entries[index]
      var outcome = try sample.outcome(of: entry, planner: planners[position])
      outcome.teamSeconds = feedbackSeconds[position] ?? 0
      results.withLock { $0[trials[position]] = outcome }
    }
    return results.withLock { $0 }
  }

  /// Works out what all conversions share that let columns make up for each other, so that its time is not taken for
  /// that of the first one.
  ///
  /// - Returns: for each position that it is for, the seconds.
  private func warmUp(_ planners: [RowCodingPlanner], _ positions: [Int], entry index: Int) throws -> [Int: Double] {
    let start = ContinuousClock.now
    let users = try positions.filter { position in
      let entry = converters[position].plan.entries[index]
      let inputs = converters[position].calibration?.inputs(ofWeight: entry.tensor.canonicalName)
      return try entry.encoding.isQuantized && planners[position].feedback(entry, inputs) != nil
    }
    let seconds = (ContinuousClock.now - start).seconds
    return Dictionary(users.map { ($0, seconds) }, uniquingKeysWith: { first, _ in first })
  }

  private func sample(_ tensor: GraphTensor, _ moments: inout Moments) throws -> SampledTensor {
    let converter = converters[0]
    let start = ContinuousClock.now
    let selection = try RowSelection(
      tensor.description, of: converter.checkpoint.source, rowCount: Self.selectedRowCount,
      weightCount: Self.selectedWeightCount, kernels: converter.execution.kernels)
    let seconds = (ContinuousClock.now - start).seconds
    return SampledTensor(
      selection: selection, energy: try energy(tensor, selection, &moments), readingSeconds: seconds,
      policy: converter.recipe.policy, kernels: converter.execution.kernels)
  }

  private func energy(
    _ tensor: GraphTensor, _ selection: RowSelection, _ moments: inout Moments
  ) throws -> InputEnergy {
    let calibration = converters[0].calibration
    if let calibration, let inputs = calibration.inputs(ofWeight: tensor.canonicalName) {
      guard inputs.hasSecondMoment else { return InputEnergy(squares: inputs.squareMeans) }
      if moments.site != inputs.site {
        moments = Moments()
        moments = Moments(
          site: inputs.site, values: try calibration.secondMoment(ofWeight: tensor.canonicalName) ?? [])
      }
      return InputEnergy(squares: inputs.squareMeans, products: moments.values)
    }
    // Rows of an embedding are looked up: there is no input that its columns could differ by.
    if tensor.role == .embedding {
      return InputEnergy(squares: [Double](repeating: 1, count: selection.columns))
    }
    return InputEnergy(
      standingInFor: selection.rows, columns: selection.columns, kernels: converters[0].execution.kernels)
  }
}
