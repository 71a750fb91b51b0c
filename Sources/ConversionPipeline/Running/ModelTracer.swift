import FusionCore
import FusionRuntime
import ImagePreprocessing
import TextTokenizer

/// Writes what a model computes on the way to an answer, under the names of the golden values.
public struct ModelTracer {
  private let runner: ModelRunner

  /// Traces a loaded model.
  public init(_ runner: ModelRunner) { self.runner = runner }

  /// Runs one turn and writes every intermediate activation.
  ///
  /// - Parameters:
  ///   - request: one question; ``RunRequest/maximumTokenCount`` tokens follow.
  ///   - answer: what the model should have said; adds losses and the training form of the prompt.
  ///   - output: the safetensors file to write.
  /// - Throws: as ``ModelRunner/run(_:progress:onText:)``; what is wrong with the output.
  public func trace(
    _ request: RunRequest, answer: String?, to output: String, replacing: Bool, progress: ProgressHandler? = nil
  ) throws -> TraceReport {
    let start = ContinuousClock.now
    guard request.questions.count == 1 else {
      throw FusionError.runOption("prompt", "one question", "\(request.questions.count)")
    }
    try Self.refuseOutput(output, replacing: replacing, picture: request.imagePath, of: runner.model)
    let spool = try TraceSpool(output: output)
    let plan = try PromptPlan(request, runner)
    try plan.readPicture()
    try record(plan.crops, spool)
    var conversation = plan.conversation
    conversation.ask(request.questions[0])
    let prompt = try plan.tokens(of: conversation)
    let limit = try plan.answerCapacity(prompt)
    let features = try plan.features(for: conversation, progress: progress, recorder: spool)
    let prefill = try plan.prefill(prompt, features, answerCapacity: limit, progress: progress, recorder: spool)
    try record(prompt, plan, conversation, prefill, spool)
    try recordLogits(prefill, isVision: features != nil, spool)
    let tokens = try generate(plan, prompt, prefill, limit: limit)
    try spool.record("generated_ids", tokens)
    var losses: TraceReport.Losses?
    if let answer {
      losses = try LossTrace(runner, plan).record(conversation, answer, features, spool)
    }
    try runner.model.weights.checkUnchanged()
    let byteCount = try spool.finish(metadata: ["format": "fusion-convert.trace/1"], replacing: replacing)
    return TraceReport(
      model: runner.model.path, output: output, byteCount: byteCount, tensorCount: spool.count,
      promptTokens: prefill.layout.length, tokens: tokens,
      text: runner.tokenizer.decode(tokens, skippingSpecialTokens: true).trimmed, losses: losses,
      tokenizer: runner.tokenizerSummary, wallSeconds: (ContinuousClock.now - start).seconds,
      peakMemoryByteCount: ProcessMemory.peakResidentByteCount)
  }

  private func generate(_ plan: PromptPlan, _ prompt: PromptTokens, _ prefill: Prefill, limit: Int) throws -> [Int] {
    var sampler = TokenSampler(options: plan.request.sampling)
    let endTokens =
      plan.request.stopsAtEndToken ? try EndTokens.of(runner.model, runner.tokenizer, plan.template) : []
    return try runner.runtime.generate(
      from: prefill, prompt: prompt.ids, sampler: &sampler, endTokens: endTokens, limit: limit
    ) { _ in }
  }

  private func record(_ crops: [RGBImage], _ spool: TraceSpool) throws {
    guard let side = crops.first?.width else { return }
    let bytes = crops.flatMap { crop in
      (0..<3).flatMap { channel in stride(from: channel, to: crop.bytes.count, by: 3).map { crop.bytes[$0] } }
    }
    try spool.record("pixel_values.u8", bytes: bytes, shape: [crops.count, 3, side, side])
    try spool.record("pixel_values.table", PixelValues.table, shape: [PixelValues.table.count])
  }

  private func record(
    _ prompt: PromptTokens, _ plan: PromptPlan, _ conversation: Conversation, _ prefill: Prefill, _ spool: TraceSpool
  ) throws {
    try spool.record("input_ids", prompt.ids)
    guard plan.queryLength != nil else { return }
    let instruction = plan.instruction(of: conversation)
    try spool.record("instruct_ids", instruction)
    try spool.record("instruct_mask", instruction.map { $0 == 0 ? 0 : 1 })
    var labels = prompt.ids.map { _ in TrainingLabel.ignored }
    for end in prompt.questionEnds { labels[end] = TrainingLabel.instruction }
    try spool.record("labels", labels)
    try spool.record("vision_positions", prefill.layout.latentPositions)
    try spool.record("instruct_positions", prefill.layout.questionPositions)
  }

  private func recordLogits(_ prefill: Prefill, isVision: Bool, _ spool: TraceSpool) throws {
    let length = prefill.layout.length
    let last = try runner.runtime.language.logits(prefill.states, rows: max(0, length - 8)..<length)
    if isVision {
      let state = last.states.row(last.states.rowCount - 1)
      try spool.record("final_norm.last", state, shape: [1, state.count])
    } else {
      let states = runner.runtime.language.normalized(prefill.states)
      try spool.record("final_norm", states, shape: [1, states.rowCount, states.columnCount])
    }
    try spool.record("logits.last8", last.logits, shape: [1, last.logits.rowCount, last.logits.columnCount])
  }
}
