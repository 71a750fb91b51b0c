import ArgumentParser
import ConversionPipeline
import FusionRuntime

/// Options that say what stands around a question, and how a picture is shown to the model.
struct WordingOptions: ParsableArguments {
  @Option(
    name: .customLong("system"), help: ArgumentHelp("System prompt instead of the template's own.", valueName: "text"))
  var systemPrompt: String?

  @Option(help: "Wording around the messages: phi_3, llama_3; that of the model's family if not given.")
  var template: ConversationTemplate?

  @OptionGroup var picture: PictureTokenOptions
  @OptionGroup var pictureMemory: PictureMemoryOptions

  /// Sets the corresponding fields.
  func apply(to request: inout RunRequest) {
    request.systemPrompt = systemPrompt
    request.template = template
    request.queryLength = picture.queryLen
    request.imageTokenCount = picture.imageTokens
    request.pictureMemoryLimit = pictureMemory.byteCount
  }
}
