import AccuracyReports
import FusionRuntime
import QuestionSets

/// What a comparison of two models looks at.
public struct ComparisonOptions: Sendable {
  /// What the reference is put together with, if it is a checkpoint.
  public var referenceParts = CheckpointOptions()
  /// What the candidate is put together with, if it is a checkpoint.
  public var candidateParts = CheckpointOptions()
  /// A question file; `nil` for generated samples.
  public var dataPath: String?
  /// Folder that the file's pictures are in; `nil` for that of the file.
  public var imagesPath: String?
  /// Samples with a picture at most.
  public var imageSampleLimit = 16
  /// Samples of text alone at most.
  public var textSampleLimit = 8
  /// Seed of generated samples.
  public var seed: UInt64 = 1
  /// What the candidate's quantized weights are multiplied with; the reference computes in float32.
  public var candidatePrecision = ActivationPrecision.float32
  /// Bytes that the comparison may take; decides how many samples go through a layer together, and whether a model
  /// answers with its weights in memory.
  public var memoryLimit = 4_000_000_000
  /// Whether both models answer the questions too.
  public var asksQuestions = true
  /// Tokens of an answer at most.
  public var answerTokenLimit = 16
  /// What to rank by the divergence that quantizing it alone causes; `nil` for no ranking.
  public var sensitivity: SensitivityUnit?
  /// Latent tokens of a turn; `nil` for the largest number that the model was trained with.
  public var queryLength: Int?
  /// Tokens of a picture; `nil` for one a patch. FUSION-L was trained with 144.
  public var imageTokenCount: Int?
  /// Limits that the report is held to.
  public var gate = Gate()

  /// The standard comparison.
  public init() {}

  /// What a model is asked.
  func request(_ sample: ComparisonSample, answerTokenLimit: Int) -> RunRequest {
    var request = RunRequest(questions: [sample.question.text])
    request.maximumTokenCount = answerTokenLimit
    if let picture = sample.picture {
      request.picture = picture
      request.queryLength = queryLength
      request.imageTokenCount = imageTokenCount
    }
    return request
  }
}
