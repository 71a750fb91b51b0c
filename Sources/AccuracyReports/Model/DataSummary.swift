/// What the two models were compared on.
public struct DataSummary: Codable, Sendable, Equatable {
  /// Path of the question file or of the text, or `generated`.
  public var source: String
  /// Seed of generated samples; nil for a file.
  public var seed: UInt64?
  /// How many samples have a picture.
  public var imageSampleCount: Int
  /// How many samples are text alone.
  public var textSampleCount: Int
  /// Tokens of each sample where the samples are windows of a text; nil for questions.
  public var windowLength: Int?
  /// At how many positions of all samples the next token was compared.
  public var positionCount: Int

  /// Collects the fields.
  public init(
    source: String, seed: UInt64? = nil, imageSampleCount: Int, textSampleCount: Int, windowLength: Int? = nil,
    positionCount: Int
  ) {
    self.source = source
    self.seed = seed
    self.imageSampleCount = imageSampleCount
    self.textSampleCount = textSampleCount
    self.windowLength = windowLength
    self.positionCount = positionCount
  }
}
