import AccuracyReports
import FusionCore
import FusionRuntime
import QuestionSets

/// What a comparison of two models looks at.
public struct ComparisonOptions: Sendable {
  /// Tokens of a window of text where none are asked for and the model's context allows: as in a calibration.
  public static let standardContextLength = CalibrationOptions.standardContextLength
  /// Windows of a text at most where no number is asked for.
  public static let standardWindowLimit = 16

  /// What the reference is put together with, if it is a checkpoint.
  public var referenceParts = CheckpointOptions()
  /// What the candidate is put together with, if it is a checkpoint.
  public var candidateParts = CheckpointOptions()
  /// A question file; `nil` for generated samples.
  public var dataPath: String?
  /// Folder that the file's pictures are in; `nil` for that of the file.
  public var imagesPath: String?
  /// Plain text in UTF-8 that is read in windows, in place of all questions; `nil` for questions.
  public var textPath: String?
  /// Tokens of a window of text; `nil` for ``standardContextLength`` or the model's context, whichever is less.
  public var contextLength: Int?
  /// Windows of text at most, the first ones.
  public var windowLimit = Self.standardWindowLimit
  /// Samples with a picture at most.
  public var imageSampleLimit = 16
  /// Samples of text alone at most.
  public var textSampleLimit = 8
  /// Seed of generated samples.
  public var seed: UInt64 = 1
  /// What the candidate's quantized weights are multiplied with; the reference computes in float32.
  public var candidatePrecision = ActivationPrecision.float32
  /// What the candidate's keys and values are held as; the reference's are float32.
  public var candidateKeyValuePrecision = KeyValuePrecision.float32
  /// Bytes that the comparison may take; decides how many samples go through a layer together, and whether a model
  /// answers with its weights in memory.
  public var memoryLimit = 4_000_000_000
  /// Whether both models answer the questions too.
  public var asksQuestions = true
  /// Tokens of an answer at most.
  public var answerTokenLimit = 16
  /// What to rank by the divergence that quantizing it alone causes; `nil` for no ranking.
  public var sensitivity: SensitivityUnit?
  /// Samples with and without a picture that sensitivity is measured with: every part needs a pass of each.
  public var sensitivitySampleLimit = 4
  /// Latent tokens of a turn; `nil` for the largest number that the model was trained with.
  public var queryLength: Int?
  /// Tokens of a picture; `nil` for one a patch. FUSION-L was trained with 144.
  public var imageTokenCount: Int?
  /// Bytes that reading a picture may take, at least 0; one that needs more is refused.
  public var pictureMemoryLimit = RunRequest.standardPictureMemoryLimit
  /// Limits that the report is held to.
  public var gate = Gate()

  /// The standard comparison.
  public init() {}

  /// Refuses what cannot be meant.
  ///
  /// - Parameter longest: positions of the model's context.
  /// - Throws: `.comparisonOption`.
  func check(longest: Int) throws {
    guard textPath != nil else { return }
    func refuse(_ option: String, _ expected: String, _ found: Int) -> FusionError {
      FusionError(
        .comparisonOption, "an option of the comparison does not fit", place: option, expected: expected,
        found: "\(found)", remedy: "change \(option), or leave it out")
    }
    guard windowLimit >= 1 else { throw refuse("chunks", "at least 1", windowLimit) }
    if let contextLength, !(2...max(longest, 2)).contains(contextLength) {
      throw refuse("context", "2 to \(longest) tokens, the model's context", contextLength)
    }
  }

  /// What a model is asked.
  func request(_ sample: ComparisonSample, answerTokenLimit: Int) -> RunRequest {
    var request = RunRequest(questions: [sample.question.text])
    request.maximumTokenCount = answerTokenLimit
    if let picture = sample.picture {
      request.picture = picture
      request.queryLength = queryLength
      request.imageTokenCount = imageTokenCount
      request.pictureMemoryLimit = pictureMemoryLimit
    }
    return request
  }
}

extension FusionError.Code {
  /// An option of a comparison that does not fit the model.
  public static let comparisonOption = Self("diff.option", .usage)
}
