import FusionCore
import FusionRuntime
import NumericKernels
import TextTokenizer
import WeightGraph

/// A model with its tokenizer, loaded and ready for questions.
public final class ModelRunner {
  /// The model's files.
  public let model: RunnableModel
  /// Which tokenizer it uses, in a line.
  public var tokenizerSummary: String { tokenizer.summary }

  let runtime: FusionModel
  let tokenizer: TextTokenizer
  let settings: RunSettings
  let execution: ExecutionOptions
  let loadSeconds: Double

  /// Opens a model and reads the weights that stay in memory.
  ///
  /// - Parameters:
  ///   - path: a checkpoint folder or a container.
  ///   - options: what a checkpoint is put together with.
  /// - Throws: what is wrong with the model; `.missingTokenizer` and what else is wrong with its tokenizer.
  public convenience init(
    path: String, options: CheckpointOptions = CheckpointOptions(), settings: RunSettings,
    execution: ExecutionOptions, progress: ProgressHandler? = nil
  ) throws {
    try self.init(
      model: try RunnableModel(path: path, options: options), settings: settings, execution: execution,
      progress: progress)
  }

  /// Reads the weights that stay in memory, and the tokenizer.
  ///
  /// - Throws: what is wrong with the model; `.missingTokenizer` and what else is wrong with its tokenizer.
  init(
    model: RunnableModel, settings: RunSettings, execution: ExecutionOptions, progress: ProgressHandler? = nil
  ) throws {
    let clock = ContinuousClock()
    let start = clock.now
    tokenizer = try TextTokenizer(
      files: TokenizerFiles(origin: model.path, read: model.file), choice: settings.tokenizer)
    runtime = try FusionModel(
      model.weights, residency: settings.residency,
      context: ComputeContext(
        kernels: execution.kernels, threads: execution.threads, precision: settings.precision,
        keyValuePrecision: settings.keyValuePrecision, refusesNonfinite: settings.refusesNonfinite,
        observer: settings.inputObserver),
      progress: progress.map(Self.loadHandler))
    self.model = model
    self.settings = settings
    self.execution = execution
    loadSeconds = (clock.now - start).seconds
  }

  private static func loadHandler(_ progress: @escaping ProgressHandler) -> @Sendable (Int, Int) -> Void {
    { done, total in progress(ProgressUpdate(step: "loading", done: done, total: total, unit: .layers)) }
  }

  /// Holds a conversation.
  ///
  /// - Parameters:
  ///   - onText: called with each piece of an answer as soon as it is certain, and with the number of the turn.
  ///   - progress: told how far encoding and reading have come.
  /// - Throws: what is wrong with an option, the picture or a weight; `.promptTooLong`.
  public func run(
    _ request: RunRequest, progress: ProgressHandler? = nil,
    onText: (_ piece: String, _ turn: Int) -> Void = { _, _ in }
  ) throws -> RunReport {
    var timings = RunReport.Timings()
    timings.load = loadSeconds
    let clock = ContinuousClock()
    let plan = try PromptPlan(request, self)
    let endTokens = request.stopsAtEndToken ? try EndTokens.of(model, tokenizer, plan.template) : []
    var sampler = TokenSampler(options: request.sampling)
    timings.vision += try clock.measure { try plan.readPicture() }.seconds
    var conversation = plan.conversation
    var turns: [RunReport.Turn] = []
    for (number, question) in request.questions.enumerated() {
      conversation.ask(question)
      let prompt = try plan.tokens(of: conversation)
      let limit = try plan.answerCapacity(prompt)
      let beforeVision = clock.now
      let features = try plan.features(for: conversation, progress: progress, recorder: nil)
      let beforePrefill = clock.now
      let prefill = try plan.prefill(prompt, features, answerCapacity: limit, progress: progress)
      let beforeDecode = clock.now
      var text = StreamedText(tokenizer)
      let tokens = try runtime.generate(
        from: prefill, prompt: prompt.ids, sampler: &sampler, endTokens: endTokens, limit: limit
      ) { token in
        if !endTokens.contains(token) { onText(text.append(token), number) }
      }
      timings.vision += (beforePrefill - beforeVision).seconds
      timings.prefill += (beforeDecode - beforePrefill).seconds
      timings.decode += (clock.now - beforeDecode).seconds
      onText(text.finish(), number)
      let hasEnded = tokens.last.map(endTokens.contains) ?? false
      turns.append(
        RunReport.Turn(
          question: question, text: text.text, tokens: tokens, promptIds: prompt.ids,
          promptTokens: prefill.layout.length, stop: hasEnded ? "endToken" : "length"))
      conversation.answer(tokenizer.answerText(of: tokens))
    }
    try model.weights.checkUnchanged()
    return report(turns, timings, plan)
  }

  private func report(_ turns: [RunReport.Turn], _ timings: RunReport.Timings, _ plan: PromptPlan) -> RunReport {
    let later = turns.reduce(0) { $0 + $1.tokens.count - 1 }
    let positions = turns.reduce(0) { $0 + $1.promptTokens }
    return RunReport(
      model: model.path, family: model.configuration.family.rawValue, text: turns.last?.text ?? "",
      tokens: turns.last?.tokens ?? [], promptTokens: turns.last?.promptTokens ?? 0, turns: turns,
      tokenizer: tokenizer.summary, queryLength: plan.queryLength, imageTokens: plan.imageTokenCount,
      weights: settings.residency.rawValue, activations: settings.precision.rawValue,
      keyValueCache: settings.keyValuePrecision.rawValue, timings: timings,
      tokensPerSecond: timings.decode > 0 ? Double(later) / timings.decode : 0,
      prefillTokensPerSecond: timings.prefill > 0 ? Double(positions) / timings.prefill : 0,
      peakMemoryByteCount: ProcessMemory.peakResidentByteCount, threads: execution.threads,
      instructionSet: execution.kernels.level.rawValue, notices: model.notices + plan.notices)
  }
}
