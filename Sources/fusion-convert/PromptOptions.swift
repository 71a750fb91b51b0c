import ArgumentParser
import ConversionPipeline
import FusionCore

/// Options that say what a model is asked.
struct PromptOptions: ParsableArguments {
  @Option(help: ArgumentHelp("PNG or JPEG file to ask about.", valueName: "file"))
  var image: [String] = []

  @OptionGroup var wording: WordingOptions

  @Flag(help: "Text without a picture in the form FUSION was trained on it: zeros in the place of picture and latents.")
  var blankImage = false

  /// A request with these options.
  ///
  /// - Throws: `.severalImages`.
  func request(_ questions: [String], maximumTokenCount: Int) throws -> RunRequest {
    guard image.count <= 1 else {
      throw FusionError(
        .severalImages, "a model is asked about one picture at a time", place: "--image", expected: "one picture",
        found: "\(image.count)", remedy: "name one picture, and ask about each in a run of its own")
    }
    var request = RunRequest(questions: questions)
    request.imagePath = image.first
    request.isBlankImage = blankImage
    wording.apply(to: &request)
    request.maximumTokenCount = maximumTokenCount
    return request
  }
}

extension FusionError.Code {
  /// More pictures than one conversation can be about.
  static let severalImages = Self("run.severalImages", .usage)
}
