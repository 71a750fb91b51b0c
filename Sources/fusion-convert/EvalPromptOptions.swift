import ArgumentParser
import ConversionPipeline
import FusionRuntime

/// Options that say how every question of an evaluation is asked.
struct EvalPromptOptions: ParsableArguments {
  @Option(
    name: .customLong("system"), help: ArgumentHelp("System prompt instead of the template's own.", valueName: "text"))
  var systemPrompt: String?

  @Option(help: "Wording around the messages: phi_3, llama_3; that of the model's family if not given.")
  var template: ConversationTemplate?

  @Option(
    help: ArgumentHelp("Latent tokens of a turn; the largest number of the model's list if not given.", valueName: "n"))
  var queryLen: Int?

  @Option(help: ArgumentHelp("Tokens of the picture, a perfect square; FUSION-L takes 144.", valueName: "n"))
  var imageTokens: Int?

  /// A request without questions.
  var request: RunRequest {
    var request = RunRequest(questions: [])
    request.systemPrompt = systemPrompt
    request.template = template
    request.queryLength = queryLen
    request.imageTokenCount = imageTokens
    return request
  }
}
