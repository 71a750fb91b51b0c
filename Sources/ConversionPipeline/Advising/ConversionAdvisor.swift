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
  ///   - measurer: converts for real; `nil` to predict only.
  ///   - producer: name and version of the program.
  /// - Throws: what reading the source or the statistics throws; what a conversion or a comparison throws.
  public func report(
    output: String, measurer: AdviceMeasurer?, producer: String, progress: ProgressHandler? = nil
  ) throws -> AdviceReport {
    let start = ContinuousClock.now
    let forecasts = try converters.enumerated().map { position, converter in
      let forecast = try converter.forecast(output: output, producer: producer)
      progress?(
        ProgressUpdate(
          step: "forecasting sizes", doneByteCount: forecast.inputBytes * (position + 1),
          totalByteCount: forecast.inputBytes * converters.count))
      return forecast
    }
    let predictions = try ConversionPredictor(converters: converters).predictions(progress: progress)
    let measurements = try measurer.map { measurer in
      try converters.map { try measurer.measure($0, progress: progress) }
    }
    let rows = AdviceChoice.ranked(
      candidates.indices.map { position in
        row(position, forecasts[position], predictions[position], measurements?[position])
      })
    let (converter, forecast) = (converters[0], forecasts[0])
    return AdviceReport(
      input: forecast.input, output: output, family: forecast.family, inputBytes: forecast.inputBytes,
      weightCount: forecast.weightCount, storedBytesExact: forecast.outputBytesExact,
      inputBasis: converter.calibration.map { $0.isFull ? .products : .squares } ?? .weights, data: measurer?.data,
      rows: rows, advice: AdviceChoice(rows), notices: forecast.notices,
      wallSeconds: (ContinuousClock.now - start).seconds, peakResidentBytes: ProcessMemory.peakResidentByteCount,
      threads: forecast.threads, instructionSet: forecast.instructionSet)
  }

  private func row(
    _ position: Int, _ forecast: ConversionReport, _ prediction: ConversionPrediction,
    _ measurement: AdviceMeasurer.Measurement?
  ) -> AdviceRow {
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
