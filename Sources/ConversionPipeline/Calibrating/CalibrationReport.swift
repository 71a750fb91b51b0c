/// What a calibration wrote.
public struct CalibrationReport: Sendable, Encodable {
  /// Name and version of this form.
  public let schema = "fusion-convert.calibration/1"
  /// The model.
  public let model: String
  /// The file.
  public let output: String
  /// Its size.
  public let byteCount: Int
  /// Inputs that statistics are of.
  public let siteCount: Int
  /// Weights that are multiplied with them.
  public let weightCount: Int
  /// Whether products of all pairs of columns are in it.
  public let isFull: Bool
  /// Where the samples are from: the file's name, or `synth`.
  public let data: String
  /// Samples.
  public let sampleCount: Int
  /// Those with a picture.
  public let pictureCount: Int
  /// Words in the decoder's input.
  public let languageTokenCount: Int
  /// Patches and latents there.
  public let visionTokenCount: Int
  /// What a row of a word counts.
  public let languageWeight: Double
  /// What a row of a picture counts.
  public let visionWeight: Double
  /// Batches that the samples went through the model in.
  public let batchCount: Int
  /// Seconds that it took.
  public let wallSeconds: Double
  /// Most memory that the process has used so far.
  public let peakMemoryByteCount: Int
  /// Threads that worked.
  public let threads: Int
  /// Kernels that worked.
  public let instructionSet: String
  /// What a user should know.
  public let notices: [String]
}
