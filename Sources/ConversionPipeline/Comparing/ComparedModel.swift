import FusionCore
import FusionRuntime

/// One side of a comparison: its layout, and its passes layer by layer.
struct ComparedModel {
  let inspection: InspectionReport
  let runner: ModelRunner

  var runtime: FusionModel { runner.runtime }

  /// Opens a model; only what every pass needs is read.
  ///
  /// - Parameter refusesNonfinite: whether NaN and infinity in its activations are errors, as they are in a reference.
  /// - Throws: what is wrong with the model or its tokenizer.
  init(
    _ path: String, _ parts: CheckpointOptions, precision: ActivationPrecision,
    keyValuePrecision: KeyValuePrecision = .float32, refusesNonfinite: Bool, execution: ExecutionOptions
  ) throws {
    inspection = try Inspector(path: path, options: parts).report()
    var settings = RunSettings()
    settings.residency = .streamed
    settings.precision = precision
    settings.keyValuePrecision = keyValuePrecision
    settings.refusesNonfinite = refusesNonfinite
    runner = try ModelRunner(path: path, options: parts, settings: settings, execution: execution)
  }

  /// The same model with its weights in another form.
  ///
  /// - Throws: what is wrong with these weights.
  init(_ other: ComparedModel, weights: any ModelWeights, execution: ExecutionOptions) throws {
    inspection = other.inspection
    var settings = other.runner.settings
    settings.refusesNonfinite = false
    runner = try ModelRunner(
      model: RunnableModel(other.runner.model, weights: weights), settings: settings, execution: execution)
  }

  /// Bytes of the weights in memory.
  var residentByteCount: Int {
    Int(inspection.totals.residentBitsPerWeight * Double(inspection.totals.weightCount) / 8)
  }
}
