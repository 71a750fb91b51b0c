import FusionRuntime
import ImagePreprocessing

/// What is asked of a model.
public struct RunRequest: Sendable {
  /// Bytes that reading a picture may take if nothing else is asked for.
  public static let standardPictureMemoryLimit = ImageLimits.standardMemoryByteCount

  /// Questions of one conversation, in order.
  public var questions: [String]
  /// What is asked about; `nil` for text alone.
  public var picture: PictureInput?
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
  /// Bytes that reading the picture may take, at least 0; a picture that needs more is refused.
  public var pictureMemoryLimit = Self.standardPictureMemoryLimit
  /// Most tokens of an answer.
  public var maximumTokenCount = 512
  /// Whether an end token ends the answer.
  public var stopsAtEndToken = true
  /// How tokens are chosen.
  public var sampling = SamplingOptions.greedy
  /// What the report should tell beside its own.
  public var notices: [String] = []

  /// The file that ``picture`` is in, if it is in one.
  public var imagePath: String? {
    get {
      guard case .file(let path) = picture else { return nil }
      return path
    }
    set { picture = newValue.map(PictureInput.file) }
  }

  /// A conversation with the standard options.
  public init(questions: [String]) { self.questions = questions }
}
