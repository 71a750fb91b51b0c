import AccuracyReports
import FusionCore
import FusionRuntime
import NumericKernels
import WeightGraph

/// Says how far a model is from a reference: in weights, layer by layer, in predictions, in answers.
public struct ModelComparer {
  private let referencePath: String
  private let candidatePath: String
  private let options: ComparisonOptions
  private let execution: ExecutionOptions
  private let programVersion: String

  /// Prepares a comparison.
  ///
  /// - Parameters:
  ///   - reference: a checkpoint folder or a container.
  ///   - candidate: the same of another form of the model.
  public init(
    reference: String, candidate: String, options: ComparisonOptions, execution: ExecutionOptions,
    programVersion: String
  ) {
    referencePath = reference
    candidatePath = candidate
    self.options = options
    self.execution = execution
    self.programVersion = programVersion
  }

  /// Compares.
  ///
  /// - Throws: what is wrong with a model, a sample or the data; `.differentGraphs`.
  public func compare(progress: ProgressHandler? = nil) throws -> DiffReport {
    let start = ContinuousClock.now
    let reference = try ComparedModel(
      referencePath, options.referenceParts, precision: .float32, refusesNonfinite: true, execution: execution)
    let candidate = try ComparedModel(
      candidatePath, options.candidateParts, precision: options.candidatePrecision,
      keyValuePrecision: options.candidateKeyValuePrecision, refusesNonfinite: false, execution: execution)
    try checkGraphs(reference, candidate)
    let data = try ComparisonSource(options: options, runner: reference.runner).samples()
    let context = ComputeContext(kernels: execution.kernels, threads: execution.threads)
    let tensors = try WeightDiffer(reference: reference, candidate: candidate, context: context)
      .compare(progress: progress)
    let outcome = try LockstepComparison(
      reference: reference, candidate: candidate, samples: data.samples, options: options, execution: execution
    ).run(progress: progress)
    let activations = outcome.activations.differences()
    var all = outcome.imageOutputs
    all.merge(outcome.textOutputs)
    let sensitivity = try options.sensitivity.map {
      try SensitivityRanker(
        measurer: SensitivityMeasurer(
          reference: reference, candidate: candidate, samples: data.samples, options: options, execution: execution),
        unit: $0, tensors: tensors
      ).rank(progress: progress)
    }
    var sides = (reference: reference.side(), candidate: candidate.side())
    var answers: AnswerComparison?
    let questions = data.questions
    if options.asksQuestions, !questions.isEmpty {
      let differ = AnswerDiffer(
        samples: questions, choosesAnswer: outcome.choosesAnswer, options: options, execution: execution)
      answers = try differ.compare(&sides, reference, candidate, progress: progress)
    }
    try reference.runner.model.weights.checkUnchanged()
    try candidate.runner.model.weights.checkUnchanged()
    var report = DiffReport(
      programVersion: programVersion, reference: sides.reference, candidate: sides.candidate,
      data: data.summary(positionCount: all.positionCount),
      tensors: tensors, activations: activations,
      firstBad: FaultFinder(tensors: tensors, activations: activations).find(),
      outputs: OutputDifferences(
        image: outcome.imageOutputs.divergence(), text: outcome.textOutputs.divergence(), all: all.divergence()),
      mapping: Self.mapping(outcome.mapping), answers: answers, sensitivity: sensitivity,
      machine: "\(execution.threads) threads, \(execution.kernels.level.rawValue)",
      elapsedSeconds: (ContinuousClock.now - start).seconds)
    if !options.gate.isEmpty { report.gate = options.gate.evaluate(report) }
    return report
  }

  /// Refuses two models that are not forms of one.
  private func checkGraphs(_ reference: ComparedModel, _ candidate: ComparedModel) throws {
    let (x, y) = (reference.runtime.configuration, candidate.runtime.configuration)
    func check<Value: Equatable>(_ place: String, _ a: Value, _ b: Value) throws {
      guard let difference = ConfigurationDifference(a, b) else { return }
      let field = difference.field.isEmpty ? "" : ", \(difference.field)"
      throw FusionError.differentGraphs(
        "config.json, \(place)\(field)", difference.first, difference.second, candidatePath)
    }
    try check("model_type", x.family, y.family)
    try check("hidden_size", x.language.hiddenSize, y.language.hiddenSize)
    try check("num_hidden_layers", x.language.layerCount, y.language.layerCount)
    try check("vocab_size", x.language.vocabularySize, y.language.vocabularySize)
    try check("language model", x.language, y.language)
    try check("vision tower", x.vision, y.vision)
    try check("interaction layers", x.interaction, y.interaction)
  }

  private static func mapping(
    _ losses: [(reference: FusionRuntime.MappingLoss, candidate: FusionRuntime.MappingLoss)]
  ) -> AccuracyReports.MappingLoss? {
    guard !losses.isEmpty else { return nil }
    func term(_ value: (FusionRuntime.MappingLoss) -> Double?) -> MappingTerm? {
      let pairs = losses.compactMap { pair in
        value(pair.reference).flatMap { x in value(pair.candidate).map { (x, $0) } }
      }
      guard !pairs.isEmpty else { return nil }
      let count = Double(pairs.count)
      return MappingTerm(
        reference: pairs.reduce(0) { $0 + $1.0 } / count, candidate: pairs.reduce(0) { $0 + $1.1 } / count)
    }
    return AccuracyReports.MappingLoss(instruct: term(\.instruction), vision: term(\.vision))
  }
}
