/// What the two models were compared on.
public struct DataSummary: Codable, Sendable, Equatable {
  /// Path of the question file, or `generated`.
  public var source: String
  /// Seed of generated samples; nil for a file.
  public var seed: UInt64?
  /// How many samples have a picture.
  public var imageSampleCount: Int
  /// How many samples are text alone.
  public var textSampleCount: Int
  /// At how many positions of all samples the next token was compared.
  public var positionCount: Int

  /// Collects the fields.
  public init(
    source: String, seed: UInt64? = nil, imageSampleCount: Int, textSampleCount: Int, positionCount: Int
  ) {
    self.source = source
    self.seed = seed
    self.imageSampleCount = imageSampleCount
    self.textSampleCount = textSampleCount
    self.positionCount = positionCount
  }
}
