import FusionRuntime

/// What is asked of a model.
public struct RunRequest: Sendable {
  /// Questions of one conversation, in order.
  public var questions: [String]
  /// A PNG or JPEG file; `nil` for text alone.
  public var imagePath: String?
  /// Bytes of a PNG or JPEG file that is not on disk, with ``imagePath`` as its name in errors; `nil` to read the file.
  public var imageBytes: [UInt8]?
  /// Text without a picture in the form that FUSION was trained on it: zeros in place of picture and latents.
  public var isBlankImage = false
  /// What the model is told first; `nil` for the template's own words.
  public var systemPrompt: String?
  /// The wording around the messages; `nil` for that of the model's family.
  public var template: ConversationTemplate?
  /// Latent tokens of a turn; `nil` for the largest number that the model was trained with.
  public var queryLength: Int?
  /// Tokens of the picture; `nil` for one a patch. FUSION-L was trained with 144.
  public var imageTokenCount: Int?
  /// Most tokens of an answer.
  public var maximumTokenCount = 512
  /// Whether an end token ends the answer.
  public var stopsAtEndToken = true
  /// How tokens are chosen.
  public var sampling = SamplingOptions.greedy

  /// A conversation with the standard options.
  public init(questions: [String]) { self.questions = questions }
}
