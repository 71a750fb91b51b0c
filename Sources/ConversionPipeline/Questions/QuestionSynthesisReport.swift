/// What `synth qa` wrote.
public struct QuestionSynthesisReport: Sendable, Encodable {
  /// Name and version of this form.
  public let schema = "fusion-convert.synth-qa/1"
  /// The folder.
  public let output: String
  /// Seed.
  public let seed: UInt64
  /// Pixels of a picture's row, and rows.
  public let side: Int
  /// Pictures written.
  public let pictureCount: Int
  /// Questions written.
  public let questionCount: Int
  /// Questions of each category.
  public let categories: [String: Int]
  /// Questions of each form: `yes/no`, `choice`, `short`, `long`.
  public let forms: [String: Int]
  /// Bytes of the pictures.
  public let pictureByteCount: Int
  /// Seconds that it took.
  public let wallSeconds: Double
  /// What a user should know.
  public let notices: [String]
}
