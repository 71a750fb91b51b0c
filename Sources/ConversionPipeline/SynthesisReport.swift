/// What `synth checkpoint` wrote.
public struct SynthesisReport: Sendable, Encodable {
  /// Name and version of this form.
  public let schema = "fusion-convert.synth-checkpoint/1"
  /// The folder.
  public let output: String
  /// Name of the preset.
  public let preset: String
  /// Type of the weights.
  public let dtype: String
  /// Format of the weight files.
  public let format: String
  /// Seed.
  public let seed: UInt64
  /// Tensors written.
  public let tensorCount: Int
  /// Weights written.
  public let weightCount: Int
  /// Bytes of the weights.
  public let byteCount: Int
  /// Files written, in order.
  public let files: [String]
  /// Seconds that it took.
  public let wallSeconds: Double
  /// What a user should know.
  public let notices: [String]
}
