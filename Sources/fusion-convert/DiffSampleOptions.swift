import ArgumentParser
import ConversionPipeline

/// Options that say what two models are compared on.
struct DiffSampleOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Question file; generated samples if not given.", valueName: "file"))
  var data: String?

  @Option(help: ArgumentHelp("Folder of the file's pictures; the file's own folder if not given.", valueName: "folder"))
  var images: String?

  @Option(name: .customLong("samples"), help: ArgumentHelp("Samples with a picture at most.", valueName: "n"))
  var imageSamples = 16

  @Option(help: ArgumentHelp("Samples of text alone at most.", valueName: "n"))
  var textSamples = 8

  @Option(help: ArgumentHelp("Seed of generated samples.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(name: .customLong("no-answers"), help: "Do not let the models answer the questions.")
  var skipsAnswers = false

  @Option(help: ArgumentHelp("Most tokens of an answer.", valueName: "n"))
  var maxTokens = 16

  @OptionGroup var picture: PictureTokenOptions

  func validate() throws {
    guard imageSamples >= 0, textSamples >= 0, imageSamples + textSamples > 0 else {
      throw ValidationError("--samples and --text-samples must not be negative, and not both 0")
    }
    guard maxTokens >= 1 else { throw ValidationError("--max-tokens takes a number from 1 on, not \(maxTokens)") }
    guard images == nil || data != nil else { throw ValidationError("--images needs --data") }
  }

  /// Sets the corresponding options.
  func apply(to options: inout ComparisonOptions) {
    options.dataPath = data
    options.imagesPath = images
    options.imageSampleLimit = imageSamples
    options.textSampleLimit = textSamples
    options.seed = seed
    options.asksQuestions = !skipsAnswers
    options.answerTokenLimit = maxTokens
    options.queryLength = picture.queryLen
    options.imageTokenCount = picture.imageTokens
  }
}
