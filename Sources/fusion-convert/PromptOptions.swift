import ArgumentParser
import ConversionPipeline
import FusionRuntime

/// Options that say what a model is asked.
struct PromptOptions: ParsableArguments {
  @Option(help: ArgumentHelp("PNG or JPEG file to ask about.", valueName: "file"))
  var image: String?

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

  @Flag(help: "Text without a picture in the form FUSION was trained on it: zeros in the place of picture and latents.")
  var blankImage = false

  /// A request with these options.
  func request(_ questions: [String], maximumTokenCount: Int) -> RunRequest {
    var request = RunRequest(questions: questions)
    request.imagePath = image
    request.isBlankImage = blankImage
    request.systemPrompt = systemPrompt
    request.template = template
    request.queryLength = queryLen
    request.imageTokenCount = imageTokens
    request.maximumTokenCount = maximumTokenCount
    return request
  }
}
