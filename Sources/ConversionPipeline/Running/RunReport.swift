/// What a model answered, and how long it took.
public struct RunReport: Sendable, Encodable {
  /// Seconds of each step.
  public struct Timings: Sendable, Encodable {
    /// Opening the model and reading the weights that stay in memory.
    public var load = 0.0
    /// Decoding and encoding pictures, all turns.
    public var vision = 0.0
    /// Prompts through the decoder, all turns.
    public var prefill = 0.0
    /// Answers token by token, all turns.
    public var decode = 0.0
  }

  /// One question and its answer.
  public struct Turn: Sendable, Encodable {
    /// As it was asked.
    public let question: String
    /// The answer without end token and white space around it.
    public let text: String
    /// Ids of the answer, with the end token if one came.
    public let tokens: [Int]
    /// Ids of the prompt; -200 and -300 stand for picture and latents.
    public let promptIds: [Int]
    /// Positions of the prompt, picture and latents included.
    public let promptTokens: Int
    /// Why the answer ended: `endToken` or `length`.
    public let stop: String
  }

  /// Name and version of this form.
  public let schema = "fusion-convert.run/1"
  /// The model.
  public let model: String
  /// `model_type` of its configuration.
  public let family: String
  /// The last answer.
  public let text: String
  /// Ids of the last answer, with the end token if one came.
  public let tokens: [Int]
  /// Positions of the last prompt, picture and latents included.
  public let promptTokens: Int
  /// All questions and answers.
  public let turns: [Turn]
  /// Which tokenizer was used.
  public let tokenizer: String
  /// Latent tokens of a turn; `nil` without a picture.
  public let queryLength: Int?
  /// Tokens of the picture; `nil` without a picture.
  public let imageTokens: Int?
  /// `resident` or `streamed`.
  public let weights: String
  /// What quantized weights were multiplied with: `float32` or `int8`.
  public let activations: String
  /// What keys and values of earlier positions were held as: `float32`, `bf16` or `int8`.
  public let keyValueCache: String
  /// Seconds.
  public let timings: Timings
  /// Generated tokens a second, the first of each answer left out: it comes from the prefill.
  public let tokensPerSecond: Double
  /// Prompt positions a second.
  public let prefillTokensPerSecond: Double
  /// Most memory that the process has used so far.
  public let peakMemoryByteCount: Int
  /// Threads that worked.
  public let threads: Int
  /// Kernels that worked.
  public let instructionSet: String
  /// What a user should know.
  public let notices: [String]
}
