import AccuracyMetrics
import FusionCore
import WeightGraph

/// Says what the ways to convert a checkpoint cost: disk, memory, divergence, time.
public struct ConversionAdvisor {
  private let converters: [Converter]
  private let candidates: [AdviceCandidate]

  /// Plans all conversions; nothing is read or written yet.
  ///
  /// - Parameters:
  ///   - checkpoint: what to convert.
  ///   - recipe: what all conversions have in common; its scheme and method are replaced.
  ///   - calibration: statistics of the checkpoint's inputs, or `nil`.
  ///   - candidates: the ways; at least one.
  /// - Throws: usage errors of the recipe.
  public init(
    checkpoint: Checkpoint, recipe: QuantizationRecipe, calibration: CalibrationStatistics?,
    execution: ExecutionOptions, candidates: [AdviceCandidate]
  ) throws {
    precondition(!candidates.isEmpty, "nothing to advise on")
    self.candidates = candidates
    converters = try candidates.map { candidate in
      var recipe = recipe
      recipe.scheme = candidate.scheme
      recipe.method = candidate.method
      return try Converter(checkpoint: checkpoint, recipe: recipe, calibration: calibration, execution: execution)
    }
  }

  /// Forecasts and predicts, and measures if asked to.
  ///
  /// - Parameters:
  ///   - output: path that a container would get.
  ///   - probe: finds out how much an error counts in this model; `nil` to go by the rule of thumb.
  ///   - measurer: converts for real; `nil` to predict only.
  ///   - producer: name and version of the program.
  ///   - onRow: told of each row as soon as it is known, and again when it was measured.
  /// - Throws: what reading the source or the statistics throws; what a conversion or a comparison throws.
  public func report(
    output: String, probe: DivergenceProbe? = nil, measurer: AdviceMeasurer?, producer: String,
    progress: ProgressHandler? = nil, onRow: (AdviceRow) -> Void = { _ in }
  ) throws -> AdviceReport {
    let start = ContinuousClock.now
    var (forecasts, predictions) = ([Int: ConversionReport](), [Int: ConversionPrediction]())
    var factor: DivergenceProbe.Outcome?
    for group in groups {
      let predictor = ConversionPredictor(
        converters: group.map { converters[$0] }, keepsCodings: converters[0].calibration?.isFull != true)
      for (index, prediction) in try predictor.predictions(progress: progress).enumerated() {
        let position = group[index]
        forecasts[position] = try SizeForecaster(
          converter: converters[position], producer: producer, codings: predictor.codings?[index]
        ).report(output: output)
        predictions[position] = prediction
      }
      // The first group has the standard conversion, which is what the others are judged by.
      if factor == nil, let probe, let standard = group.first(where: { predictions[$0]?.relativeError ?? 0 > 0 }) {
        factor = try probe.run(
          converters[standard], relativeError: predictions[standard]?.relativeError ?? 0,
          options: candidates[standard].options, progress: progress)
      }
      for position in group {
        if let factor { predictions[position]?.factor = factor.divergencePerError }
        if let row = row(position, forecasts[position], predictions[position], nil) { onRow(row) }
      }
    }
    var measurements: [Int: AdviceMeasurer.Measurement] = [:]
    if let measurer {
      for position in groups.joined() {
        measurements[position] = try measurer.measure(converters[position], progress: progress)
        if let row = row(position, forecasts[position], predictions[position], measurements[position]) { onRow(row) }
      }
    }
    let rows = AdviceChoice.ranked(
      candidates.indices.compactMap { position in
        row(position, forecasts[position], predictions[position], measurements[position])
      })
    guard let forecast = forecasts[0] else { preconditionFailure("every conversion is forecast") }
    return AdviceReport(
      input: forecast.input, output: output, family: forecast.family, inputBytes: forecast.inputBytes,
      weightCount: forecast.weightCount, storedBytesExact: forecast.outputBytesExact,
      inputBasis: converters[0].calibration.map { $0.isFull ? .products : .squares } ?? .weights,
      probe: factor, data: measurer?.data,
      rows: rows, advice: AdviceChoice(rows), notices: forecast.notices,
      wallSeconds: (ContinuousClock.now - start).seconds, peakResidentBytes: ProcessMemory.peakResidentByteCount,
      threads: forecast.threads, instructionSet: forecast.instructionSet)
  }

  /// Positions of conversions that are predicted together, the standard one first: all of them where what they share
  /// takes long, else as many as there are threads, so that rows are known early.
  private var groups: [[Int]] {
    let standard = candidates.firstIndex { $0.options == AdviceCandidate.standardOptions }
    let order = candidates.indices.sorted { ($0 != standard ? 1 : 0, $0) < ($1 != standard ? 1 : 0, $1) }
    guard converters[0].calibration?.isFull != true else { return [order] }
    let size = min(converters[0].execution.threads, Self.largestGroup)
    let others = Array(order.dropFirst())
    return [[order[0]]]
      + stride(from: 0, to: others.count, by: size).map { Array(others[$0..<min($0 + size, others.count)]) }
  }

  /// Conversions that are predicted together at most.
  private static let largestGroup = 4

  private func row(
    _ position: Int, _ forecast: ConversionReport?, _ prediction: ConversionPrediction?,
    _ measurement: AdviceMeasurer.Measurement?
  ) -> AdviceRow? {
    guard let forecast, let prediction else { return nil }
    let error = prediction.relativeError
    return AdviceRow(
      options: candidates[position].options, scheme: candidates[position].scheme.name,
      method: candidates[position].method.rawValue, storedByteCount: forecast.outputBytes,
      storedBitsPerWeight: forecast.storedBitsPerWeight,
      residentByteCount: converters[position].plan.entries.reduce(0) { $0 + $1.residentByteCount },
      residentBitsPerWeight: forecast.residentBitsPerWeight, relativeOutputError: error,
      outputSqnrDecibels: error > 0
        ? SignalToQuantizationNoise.decibels(signalEnergy: 1, errorEnergy: error) : nil,
      predictedDivergence: prediction.divergence, measuredDivergence: measurement?.divergence,
      seconds: measurement?.seconds ?? prediction.seconds(threads: forecast.threads))
  }
}
