import FusionCore

/// What a conversion did, or would do; encoded as the JSON of `convert`.
public struct ConversionReport: Sendable, Encodable {
  /// One line of the plan: tensors of a role that become the same thing for the same reason.
  public struct PlanLine: Sendable, Encodable {
    /// Role of the tensors.
    public let role: String
    /// What they become.
    public let scheme: String
    /// Why.
    public let reason: String
    /// Tensors.
    public let tensorCount: Int
    /// Weights in them.
    public let weightCount: Int
    /// Bytes in the source.
    public let sourceByteCount: Int
    /// Bytes in the container; `nil` in a plan that was not carried out.
    public let storedByteCount: Int?
    /// Signal to quantization noise over all of them; `nil` where nothing was lost or measured.
    public let sqnrDecibels: Double?
    /// The same of the tensors' outputs, weighted with the inputs that statistics tell of; measured on a selection of
    /// rows. `nil` without statistics of these tensors.
    public let inputSqnrDecibels: Double?
  }

  /// A tensor that could not be what an option asked for.
  public struct Fallback: Sendable, Encodable {
    /// The source's name.
    public let tensor: String
    /// What was asked for.
    public let requested: String
    /// What it became.
    public let used: String
    /// Why.
    public let reason: String
  }

  /// The reading back.
  public struct Verification: Sendable, Encodable {
    /// Whether it was done.
    public let performed: Bool
    /// Chunks read back, with their checksums.
    public let chunkCount: Int
    /// Tensors compared with the source.
    public let tensorCount: Int
    /// Quantized weights beyond the ends of their codes, as a share of all quantized weights.
    public let clippedShare: Double
    /// The largest distance in steps between a weight and what its code stands for, over tensors whose codes are not
    /// the nearest ones; `nil` if there are none.
    public let largestDeviation: Double?
  }

  /// A part of the model that got its bits by what it suffers.
  public struct Part: Sendable, Encodable {
    /// Name of the part.
    public let name: String
    /// Tensors.
    public let tensorCount: Int
    /// Divergence that this part alone caused at equal bits, in nats.
    public let divergence: Double
    /// Bits a weight on disk.
    public let bits: Double
  }

  /// What an interrupted conversion had done.
  public struct Resumption: Sendable, Encodable {
    /// Tensors that were not converted again.
    public let tensorCount: Int
    /// Bytes of them in the container.
    public let byteCount: Int
  }

  /// Name and version of this form.
  public let schema = "fusion-convert.convert/1"
  /// Path of the checkpoint.
  public var input: String
  /// Path of the container.
  public var output: String
  /// Whether nothing was written.
  public var dryRun: Bool
  /// Family of the model.
  public var family: String
  /// What the bulk of the weights became.
  public var scheme: String
  /// Bytes of the source's weight files.
  public var inputBytes: Int
  /// Bytes of the container, measured or forecast.
  public var outputBytes: Int
  /// Whether `outputBytes` is exact: always, but for the forecast of a compressed container.
  public var outputBytesExact: Bool
  /// Weights, tied ones once.
  public var weightCount: Int
  /// Bits on disk for each weight: the container without its side files, index and all.
  public var storedBitsPerWeight: Double
  /// Bits in memory for each weight when the container is loaded as it is.
  public var residentBitsPerWeight: Double
  /// Signal to quantization noise of the whole model; `nil` if nothing was lost or measured.
  public var sqnrDecibels: Double?
  /// The same of the tensors' outputs, weighted with the inputs; `nil` without statistics.
  public var inputSqnrDecibels: Double?
  /// Seconds from start to end.
  public var wallSeconds: Double
  /// Greatest resident memory of the process.
  public var peakResidentBytes: Int
  /// Threads that worked.
  public var threads: Int
  /// Instruction-set level of the kernels.
  public var instructionSet: String
  /// The plan by role.
  public var plan: [PlanLine]
  /// Options that could not be followed.
  public var fallbacks: [Fallback]
  /// What was measured, part by part; `nil` if nothing was.
  public var parts: [Part]?
  /// The reading back.
  public var verification: Verification
  /// What a user should know.
  public var notices: [String]
  /// What is probably wrong with the result, though everything was done as asked.
  public var warnings: [String] = []
  /// What an adapter changed; `nil` without one.
  public var adapter: AdapterReport?
  /// What was taken over from an interrupted conversion; `nil` unless that was asked for.
  public var resumption: Resumption?
}
