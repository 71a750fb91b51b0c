import ArgumentParser
import ConversionPipeline

/// Options that say what two models are compared on.
struct DiffSampleOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Question file; generated samples if not given.", valueName: "file"))
  var data: String?

  @Option(help: ArgumentHelp("Folder of the file's pictures; the file's own folder if not given.", valueName: "folder"))
  var images: String?

  @Option(
    help: ArgumentHelp(
      "UTF-8 text that is read as it is, in windows of tokens, instead of questions.", valueName: "file"))
  var text: String?

  @Option(
    help: ArgumentHelp(
      "Tokens of a window; \(ComparisonOptions.standardContextLength) if the model's context allows.",
      valueName: "n"), transform: NumberRange.contextTokens.parse)
  var context: Int?

  @Option(
    help: ArgumentHelp(
      "Windows at most, from the text's beginning on; \(ComparisonOptions.standardWindowLimit) if not given.",
      valueName: "n"), transform: NumberRange.windows.parse)
  var chunks: Int?

  @Option(
    name: .customLong("samples"),
    help: ArgumentHelp(
      "Samples with a picture at most; \(ComparisonOptions().imageSampleLimit) if not given.", valueName: "n"),
    transform: NumberRange.samples.parse)
  var imageSamples: Int?

  @Option(
    help: ArgumentHelp(
      "Samples of text alone at most; \(ComparisonOptions().textSampleLimit) if not given.", valueName: "n"),
    transform: NumberRange.samples.parse)
  var textSamples: Int?

  @Option(
    help: ArgumentHelp("Seed of generated samples; \(ComparisonOptions().seed) if not given.", valueName: "n"),
    transform: NumberRange.seed.parse)
  var seed: UInt64?

  @Flag(name: .customLong("no-answers"), help: "Do not let the models answer the questions.")
  var skipsAnswers = false

  @Option(
    help: ArgumentHelp(
      "Most tokens of an answer; \(ComparisonOptions().answerTokenLimit) if not given.", valueName: "n"),
    transform: NumberRange.answerTokens.parse)
  var maxTokens: Int?

  @OptionGroup var picture: PictureTokenOptions
  @OptionGroup var pictureMemory: PictureMemoryOptions

  func validate() throws {
    guard text == nil else { return try refuseOptionsOfQuestions() }
    guard context == nil else { throw ValidationError("--context needs --text") }
    guard chunks == nil else { throw ValidationError("--chunks needs --text") }
    let standard = ComparisonOptions()
    let counts = [imageSamples ?? standard.imageSampleLimit, textSamples ?? standard.textSampleLimit]
    guard counts.contains(where: { $0 > 0 }) else {
      throw ValidationError("--samples and --text-samples must not be both 0")
    }
    guard images == nil || data != nil else { throw ValidationError("--images needs --data") }
  }

  /// A text has no questions, so nothing may be said about them, but that they are not asked.
  private func refuseOptionsOfQuestions() throws {
    let options: [(name: String, isGiven: Bool)] = [
      ("data", data != nil), ("images", images != nil), ("samples", imageSamples != nil),
      ("text-samples", textSamples != nil), ("seed", seed != nil), ("max-tokens", maxTokens != nil),
      ("query-len", picture.queryLen != nil), ("image-tokens", picture.imageTokens != nil),
    ]
    if let option = options.first(where: \.isGiven) {
      throw ValidationError("--text and --\(option.name) exclude each other")
    }
  }

  /// Sets the corresponding options.
  func apply(to options: inout ComparisonOptions) {
    options.dataPath = data
    options.imagesPath = images
    if let imageSamples { options.imageSampleLimit = imageSamples }
    if let textSamples { options.textSampleLimit = textSamples }
    if let seed { options.seed = seed }
    options.asksQuestions = !skipsAnswers
    if let maxTokens { options.answerTokenLimit = maxTokens }
    options.queryLength = picture.queryLen
    options.imageTokenCount = picture.imageTokens
    options.pictureMemoryLimit = pictureMemory.byteCount
    options.textPath = text
    options.contextLength = context
    if let chunks { options.windowLimit = chunks }
  }
}
