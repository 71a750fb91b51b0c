/// Ways to convert a checkpoint side by side; encoded as the JSON of `convert --compare`.
public struct AdviceReport: Sendable, Encodable {
  /// Name and version of this form.
  public let schema = "fusion-convert.advice/1"
  /// Path of the checkpoint.
  public var input: String
  /// Path that a container would get.
  public var output: String
  /// Family of the model.
  public var family: String
  /// Bytes of the source's weight files.
  public var inputBytes: Int
  /// Weights, tied ones once.
  public var weightCount: Int
  /// Whether sizes on disk are exact: where nothing is compressed.
  public var storedBytesExact: Bool
  /// What is known of the inputs that predictions are made with.
  public var inputBasis: InputBasis
  /// How much an error counts in this model; `nil` where that was not measured, so that predictions are those of
  /// another one.
  public var probe: DivergenceProbe.Outcome?
  /// What divergences were measured on; `nil` if nobody measured.
  public var data: String?
  /// One row for each way, least disk first.
  public var rows: [AdviceRow]
  /// Which row to take.
  public var advice: AdviceChoice
  /// What a user should know.
  public var notices: [String]
  /// Seconds from start to end.
  public var wallSeconds: Double
  /// Greatest resident memory of the process.
  public var peakResidentBytes: Int
  /// Threads that worked.
  public var threads: Int
  /// Instruction-set level of the kernels.
  public var instructionSet: String
}
