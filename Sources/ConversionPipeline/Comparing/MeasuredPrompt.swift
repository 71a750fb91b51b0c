import FusionRuntime
import QuestionSets

/// A sample as the models read it, and the positions whose predictions are compared.
///
/// With a known answer, the prompt holds it as in training, and the predictions of its tokens and of what ends it are
/// compared. Without one, and in a stretch of text, those of every token after the first.
struct MeasuredPrompt: Sendable {
  let prompt: LockstepPrompt
  /// Indices into the prompt's ids of the tokens that are predicted.
  let targets: [Int]

  /// Prepares a sample.
  ///
  /// - Throws: what is wrong with the picture or the request; `.promptTooLong`.
  init(_ sample: MeasuredSample, _ options: ComparisonOptions, _ runner: ModelRunner) throws {
    switch sample {
    case .question(let question): try self.init(question: question, options, runner)
    case .text(let tokens): self.init(text: tokens)
    }
  }

  private init(question: ComparisonSample, _ options: ComparisonOptions, _ runner: ModelRunner) throws {
    let read = try Self.read(question, options, runner)
    try read.plan.readPicture()
    targets = read.targets
    prompt = LockstepPrompt(
      tokens: read.tokens,
      vision: read.plan.queryLength.map {
        VisionRequest(
          crops: read.plan.pixels, instruction: read.instruction, queryLength: $0,
          imageTokenCount: read.plan.request.imageTokenCount)
      })
  }

  private init(text tokens: [Int]) {
    precondition(tokens.count >= 2, "a stretch of text without a prediction")
    prompt = LockstepPrompt(tokens: PromptTokens(ids: tokens), vision: nil)
    targets = Array(1..<tokens.count)
  }

  /// Where everything of a question will be; its picture is not read.
  ///
  /// - Throws: what is wrong with the request; `.promptTooLong`.
  static func layout(
    _ sample: ComparisonSample, _ options: ComparisonOptions, _ runner: ModelRunner
  ) throws -> PromptLayout {
    let read = try read(sample, options, runner)
    return try PromptLayout(
      read.tokens, imageTokenCount: read.plan.imageTokenCount, queryLength: read.plan.queryLength ?? 0)
  }

  private static func read(
    _ sample: ComparisonSample, _ options: ComparisonOptions, _ runner: ModelRunner
  ) throws -> (plan: PromptPlan, tokens: PromptTokens, instruction: [Int], targets: [Int]) {
    let plan = try PromptPlan(options.request(sample, answerTokenLimit: 1), runner)
    var conversation = plan.conversation
    conversation.ask(sample.question.text)
    let instruction = plan.instruction(of: conversation)
    var tokens = try plan.tokens(of: conversation)
    let questionLength = tokens.ids.count
    if let answer = sample.question.answers.first {
      conversation.answer(answer)
      tokens = try plan.tokens(of: conversation)
    }
    _ = try plan.answerCapacity(tokens)
    let first = tokens.ids.count > questionLength ? questionLength : 1
    return (plan, tokens, instruction, (first..<tokens.ids.count).filter { tokens.ids[$0] >= 0 })
  }
}
