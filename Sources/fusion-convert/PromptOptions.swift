import ArgumentParser
import ConversionPipeline

/// Options that say what a model is asked.
struct PromptOptions: ParsableArguments {
  @Option(help: ArgumentHelp("PNG or JPEG file to ask about.", valueName: "file"))
  var image: String?

  @OptionGroup var wording: WordingOptions

  @Flag(help: "Text without a picture in the form FUSION was trained on it: zeros in the place of picture and latents.")
  var blankImage = false

  /// A request with these options.
  func request(_ questions: [String], maximumTokenCount: Int) -> RunRequest {
    var request = RunRequest(questions: questions)
    request.imagePath = image
    request.isBlankImage = blankImage
    wording.apply(to: &request)
    request.maximumTokenCount = maximumTokenCount
    return request
  }
}
