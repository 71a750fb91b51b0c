import FusionCore

/// What statistics are collected of, and which.
public struct CalibrationOptions: Sendable {
  /// Tokens of a window of text where none are asked for and the model's context allows.
  public static let standardContextLength = 512

  /// What the model sees.
  public var data: CalibrationData
  /// Folder that the question file's pictures are in; `nil` for that of the file.
  public var imagesPath: String?
  /// Questions or windows at most, the first ones of the data.
  public var sampleLimit = 32
  /// Tokens of a window of text; `nil` for ``standardContextLength`` or the model's context, whichever is less.
  public var contextLength: Int?
  /// Whether the products of all pairs of columns are summed too.
  public var isFull = false
  /// What a row of a picture counts; `nil` for ``TokenWeights/balanced(languageCount:visionCount:)``.
  public var visionWeight: Double?
  /// What a row of a word counts.
  public var languageWeight = 1.0
  /// Bytes that the collection may take; decides how many samples go through a layer together.
  public var memoryLimit = 4_000_000_000
  /// Seed of generated data.
  public var seed: UInt64 = 1
  /// Latent tokens of a turn; `nil` for the largest number that the model was trained with.
  public var queryLength: Int?
  /// Tokens of a picture; `nil` for one a patch. FUSION-L was trained with 144.
  public var imageTokenCount: Int?
  /// Bytes that reading a picture may take, at least 0; one that needs more is refused.
  public var pictureMemoryLimit = RunRequest.standardPictureMemoryLimit
  /// What the model is put together with, if it is a checkpoint.
  public var parts = CheckpointOptions()

  /// The standard collection.
  public init(data: CalibrationData) { self.data = data }

  /// How samples with a question become prompts: as in a comparison.
  var comparison: ComparisonOptions {
    var options = ComparisonOptions()
    options.queryLength = queryLength
    options.imageTokenCount = imageTokenCount
    options.pictureMemoryLimit = pictureMemoryLimit
    options.seed = seed
    return options
  }

  /// Refuses what cannot be meant.
  ///
  /// - Parameter longest: positions of the model's context.
  /// - Throws: `.calibrationOption`.
  func check(longest: Int) throws {
    func refuse(_ option: String, _ expected: String, _ found: String) -> FusionError {
      FusionError(
        .calibrationOption, "an option of the calibration does not fit", place: option, expected: expected,
        found: found, remedy: "change \(option), or leave it out")
    }
    guard sampleLimit >= 1 else { throw refuse("samples", "at least 1", "\(sampleLimit)") }
    if let contextLength, !(2...max(longest, 2)).contains(contextLength) {
      throw refuse("context", "2 to \(longest) tokens, the model's context", "\(contextLength)")
    }
    for (option, weight) in [("vision-weight", visionWeight), ("language-weight", languageWeight)] {
      guard let weight else { continue }
      guard TokenWeights.permitted.contains(weight) else {
        throw refuse(
          option, "\(TokenWeights.permitted.lowerBound) to \(TokenWeights.permitted.upperBound)", "\(weight)")
      }
    }
  }
}

extension FusionError.Code {
  /// An option of a calibration that does not fit the model.
  public static let calibrationOption = Self("calibration.option", .usage)
}
