/// What a trace wrote.
public struct TraceReport: Sendable, Encodable {
  /// The losses of a prompt with its answer.
  public struct Losses: Sendable, Encodable {
    /// Mean negative log-likelihood of the answer's tokens, in nats.
    public let language: Double
    /// Mapping of the question; `nil` if all its tokens are padding, or without a picture.
    public let instruction: Double?
    /// Mapping of the picture; `nil` without a picture.
    public let vision: Double?
    /// The training loss.
    public let total: Double
  }

  /// Name and version of this form.
  public let schema = "fusion-convert.trace/1"
  /// The model.
  public let model: String
  /// The file.
  public let output: String
  /// Its size.
  public let byteCount: Int
  /// Tensors in it.
  public let tensorCount: Int
  /// Positions of the prompt, picture and latents included.
  public let promptTokens: Int
  /// Ids of the greedy answer.
  public let tokens: [Int]
  /// The answer, decoded.
  public let text: String
  /// With an answer given.
  public let losses: Losses?
  /// Which tokenizer was used.
  public let tokenizer: String
  /// Seconds that it took.
  public let wallSeconds: Double
  /// Most memory that the process has used so far.
  public let peakMemoryByteCount: Int
}
