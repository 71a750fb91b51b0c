import FusionCore
import FusionRuntime
import WeightGraph

/// Finds out how much divergence an error of the weights causes in a certain model: by one pass over a few samples with
/// the weights of one conversion beside the model's own, layer by layer, in memory.
///
/// While errors are small, divergence grows with their square, and so does the relative error that predictions go by:
/// one conversion gives the factor for all.
public struct DivergenceProbe {
  /// What was found.
  public struct Outcome: Sendable, Encodable {
    /// Options of the conversion that was tried.
    public let options: String
    /// What both were shown: a path, or `synth`.
    public let data: String
    /// Samples with an image.
    public let imageSampleCount: Int
    /// Samples of text alone.
    public let textSampleCount: Int
    /// Mean divergence of the next token, in nats.
    public let divergence: Double
    /// The same for each unit of relative error.
    public let divergencePerError: Double
  }

  /// Multiplications that a probe may take, of each side: about half a minute on two cores.
  private static let multiplicationLimit = 1.5e12

  private let input: String
  private let data: String
  private let options: ComparisonOptions
  private let execution: ExecutionOptions

  /// Prepares a probe; nothing is read yet.
  ///
  /// - Parameters:
  ///   - input: path of the checkpoint.
  ///   - data: as `calibrate` takes it.
  ///   - parts: what the checkpoint is put together with.
  ///   - pictureMemoryLimit: bytes that reading a picture of the data may take.
  public init(
    input: String, data: String, parts: CheckpointOptions, execution: ExecutionOptions,
    pictureMemoryLimit: Int = RunRequest.standardPictureMemoryLimit
  ) {
    self.input = input
    self.data = data
    self.execution = execution
    options = ComparisonOptions(measuringOn: data, parts: parts, pictureMemoryLimit: pictureMemoryLimit)
  }

  /// Tries a conversion.
  ///
  /// - Parameters:
  ///   - relativeError: its error, as predictions go by.
  ///   - name: its options, for the report.
  /// - Returns: `nil` if it tells nothing, as where nothing is lost.
  /// - Throws: what is wrong with model, data or statistics.
  func run(
    _ converter: Converter, relativeError: Double, options name: String, progress: ProgressHandler?
  ) throws -> Outcome? {
    let reference = try ComparedModel(
      input, options.referenceParts, precision: .float32, refusesNonfinite: true, execution: execution)
    let candidate = try ComparedModel(
      reference, weights: TrialWeights(reference.runner.model.weights, converter: converter), execution: execution)
    let samples = try affordable(
      try ComparisonSource(options: options, runner: reference.runner).samples().samples, reference.runner, converter)
    var handler: ProgressHandler?
    if let progress {
      handler = { update in
        progress(ProgressUpdate(step: "probing the model", done: update.done, total: update.total, unit: update.unit))
      }
    }
    let outcome = try LockstepComparison(
      reference: reference, candidate: candidate, samples: samples, options: options, execution: execution
    ).run(progress: handler)
    var all = outcome.imageOutputs
    all.merge(outcome.textOutputs)
    guard relativeError > 0, let divergence = all.meanDivergence, divergence.isFinite, divergence > 0 else {
      return nil
    }
    return Outcome(
      options: name, data: data, imageSampleCount: samples.count(where: \.hasPicture),
      textSampleCount: samples.count { !$0.hasPicture }, divergence: divergence,
      divergencePerError: divergence / relativeError)
  }

  /// As many samples as the limit allows, of both kinds in turn; one at least, of text where there is text.
  private func affordable(
    _ samples: [MeasuredSample], _ runner: ModelRunner, _ converter: Converter
  ) throws -> [MeasuredSample] {
    var counts = (vision: 0.0, language: 0.0)
    for entry in converter.plan.entries {
      let count = Double(entry.tensor.description.shape.elementCount)
      if entry.tensor.role == .vision { counts.vision += count } else { counts.language += count }
    }
    let patches = Double(5 * (runner.model.configuration.vision?.patchCount ?? 0))
    func cost(_ sample: MeasuredSample) throws -> Double {
      switch sample {
      case .text(let tokens): return 2 * counts.language * Double(tokens.count)
      case .question(let question):
        let length = try MeasuredPrompt.layout(question, options, runner).length
        return 2 * (counts.language * Double(length) + (sample.hasPicture ? counts.vision * patches : 0))
      }
    }
    var kinds = [samples.filter { !$0.hasPicture }, samples.filter(\.hasPicture)]
    var chosen: [MeasuredSample] = []
    var spent = 0.0
    while kinds.contains(where: { !$0.isEmpty }) {
      for kind in kinds.indices {
        guard let sample = kinds[kind].first else { continue }
        let next = try cost(sample)
        guard chosen.isEmpty || spent + next <= Self.multiplicationLimit else {
          kinds[kind] = []
          continue
        }
        spent += next
        chosen.append(sample)
        kinds[kind].removeFirst()
      }
    }
    return chosen
  }
}
