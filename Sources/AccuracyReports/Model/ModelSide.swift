/// One of the two models of a comparison: what it is, how large it is, how fast it runs.
public struct ModelSide: Codable, Sendable, Equatable {
  /// Path as the user gave it.
  public var path: String
  /// Model family, such as `fusion_phi`.
  public var family: String
  /// What the files are, such as `safetensors` or `fusion 1`.
  public var format: String
  /// How the weights are kept, the largest share first.
  public var schemes: [SchemeShare]
  /// How many weights there are.
  public var weightCount: Int
  /// Bytes on disk, all scales and records included.
  public var storedByteCount: Int
  /// Bytes of the weights in memory when the model runs.
  public var residentByteCount: Int
  /// ``storedByteCount`` in bits over ``weightCount``.
  public var storedBitsPerWeight: Double
  /// ``residentByteCount`` in bits over ``weightCount``.
  public var residentBitsPerWeight: Double
  /// Seconds from opening the model to the first token being possible; nil if not measured.
  public var loadSeconds: Double?
  /// Seconds for the tower and projectors over one picture; nil if not measured.
  public var visionSeconds: Double?
  /// Positions of a prompt that the decoder reads in a second; nil if not measured.
  public var prefillTokensPerSecond: Double?
  /// Tokens that are generated in a second; nil if not measured.
  public var decodeTokensPerSecond: Double?
  /// Greatest resident memory of a process that ran this model alone; nil if not measured.
  public var peakMemoryByteCount: Int?

  /// Collects the fields.
  public init(
    path: String, family: String, format: String, schemes: [SchemeShare], weightCount: Int, storedByteCount: Int,
    residentByteCount: Int, storedBitsPerWeight: Double, residentBitsPerWeight: Double, loadSeconds: Double? = nil,
    visionSeconds: Double? = nil, prefillTokensPerSecond: Double? = nil, decodeTokensPerSecond: Double? = nil,
    peakMemoryByteCount: Int? = nil
  ) {
    self.path = path
    self.family = family
    self.format = format
    self.schemes = schemes
    self.weightCount = weightCount
    self.storedByteCount = storedByteCount
    self.residentByteCount = residentByteCount
    self.storedBitsPerWeight = storedBitsPerWeight
    self.residentBitsPerWeight = residentBitsPerWeight
    self.loadSeconds = loadSeconds
    self.visionSeconds = visionSeconds
    self.prefillTokensPerSecond = prefillTokensPerSecond
    self.decodeTokensPerSecond = decodeTokensPerSecond
    self.peakMemoryByteCount = peakMemoryByteCount
  }
}
