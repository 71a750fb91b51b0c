import FusionRuntime

/// The losses of a prompt with its answer, as in training.
struct LossTrace {
  private let runner: ModelRunner
  private let plan: PromptPlan

  init(_ runner: ModelRunner, _ plan: PromptPlan) {
    self.runner = runner
    self.plan = plan
  }

  /// Runs the training form and records it.
  ///
  /// - Parameter conversation: with one question that waits for its answer.
  func record(
    _ asked: Conversation, _ answer: String, _ features: VisionFeatures?, _ spool: TraceSpool
  ) throws -> TraceReport.Losses {
    let question = try plan.tokens(of: asked)
    var answered = asked
    answered.answer(answer)
    let prompt = try plan.tokens(of: answered)
    var labels = prompt.ids.indices.map { $0 < question.ids.count ? TrainingLabel.ignored : prompt.ids[$0] }
    for end in prompt.questionEnds { labels[end] = TrainingLabel.instruction }
    let prefill = try plan.prefill(prompt, features, answerCapacity: 0, progress: nil)
    let language = try runner.runtime.languageLoss(prefill, labels: labels) ?? 0
    let mapping = try features.map { try runner.runtime.mappingLoss($0, recorder: spool) }
    let total = mapping?.total(languageLoss: language) ?? language

    let length = prefill.layout.length
    let logits = try runner.runtime.language.logits(prefill.states, rows: max(0, length - 8)..<length).logits
    try spool.record("train.input_ids", prompt.ids)
    try spool.record("train.labels", labels)
    try spool.record("train.labels_expanded", expanded(labels, prefill.layout))
    if features != nil {
      try spool.record("train.instruct_ids", plan.instruction(of: asked))
      try spool.record("train.vision_positions", prefill.layout.latentPositions)
      try spool.record("train.instruct_positions", prefill.layout.questionPositions)
    }
    try spool.record("train.logits.last8", logits, shape: [1, logits.rowCount, logits.columnCount])
    try spool.record("loss.language", [Float(language)], shape: [1])
    if let instruction = mapping?.instruction {
      try spool.record("loss.instruct_similarity", [Float(instruction)], shape: [1])
    }
    if let vision = mapping?.vision { try spool.record("loss.vision_similarity", [Float(vision)], shape: [1]) }
    try spool.record("loss.total", [Float(total)], shape: [1])
    return TraceReport.Losses(
      language: language, instruction: mapping?.instruction, vision: mapping?.vision, total: total)
  }

  /// Labels of all positions once the placeholders are filled.
  private func expanded(_ labels: [Int], _ layout: PromptLayout) -> [Int] {
    var result = [Int](repeating: TrainingLabel.ignored, count: layout.length)
    for (label, position) in zip(labels, layout.positions) where label >= 0 { result[position] = label }
    return result
  }
}
