import FusionRuntime
import QuestionSets

/// A sample as the models read it, and the positions whose predictions are compared.
///
/// With a known answer, the prompt holds it as in training, and the predictions of its tokens and of what ends it are
/// compared. Without one, those of every token of the prompt after the first.
struct MeasuredPrompt: Sendable {
  let prompt: LockstepPrompt
  /// Indices into the prompt's ids of the tokens that are predicted.
  let targets: [Int]

  /// Prepares a sample.
  ///
  /// - Throws: what is wrong with the picture or the request; `.promptTooLong`.
  init(_ sample: ComparisonSample, _ options: ComparisonOptions, _ runner: ModelRunner) throws {
    let request = options.request(sample, answerTokenLimit: 1)
    let plan = try PromptPlan(request, runner)
    try plan.readPicture()
    var conversation = plan.conversation
    conversation.ask(sample.question.text)
    let instruction = plan.instruction(of: conversation)
    var tokens = plan.tokens(of: conversation)
    let questionLength = tokens.ids.count
    if let answer = sample.question.answers.first {
      conversation.answer(answer)
      tokens = plan.tokens(of: conversation)
    }
    _ = try plan.answerCapacity(tokens)
    let first = tokens.ids.count > questionLength ? questionLength : 1
    targets = (first..<tokens.ids.count).filter { tokens.ids[$0] >= 0 }
    prompt = LockstepPrompt(
      tokens: tokens,
      vision: plan.queryLength.map {
        VisionRequest(
          crops: plan.pixels, instruction: instruction, queryLength: $0, imageTokenCount: request.imageTokenCount)
      })
  }
}
