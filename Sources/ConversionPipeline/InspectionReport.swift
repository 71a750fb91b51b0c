/// The layout of a checkpoint or container; encoded as the JSON of `inspect`.
public struct InspectionReport: Sendable, Encodable {
  /// A file that tensors lie in, or that travels inside a container.
  public struct File: Sendable, Encodable {
    /// Name.
    public let name: String
    /// Size.
    public let byteCount: Int
    /// SHA-256 in hexadecimal, where the container states it.
    public let sha256: String?
  }

  /// One tensor.
  public struct Tensor: Sendable, Encodable {
    /// The source's own name.
    public let name: String
    /// Name in the weight graph; `nil` if the graph does not know the tensor.
    public let canonicalName: String?
    /// Role in the model.
    public let role: String?
    /// Type of the values.
    public let dtype: String
    /// Sizes, outermost first.
    public let shape: [Int]
    /// File that the bytes are in.
    public let file: String
    /// Offset of the first byte in that file.
    public let offset: Int
    /// Bytes in that file.
    public let byteCount: Int
    /// Encoding; `verbatim` for values as they are.
    public let scheme: String
    /// Bits on disk for each weight.
    public let storedBits: Double
    /// Bits in memory for each weight.
    public let residentBits: Double
    /// Canonical names of the parts of a fused tensor, in the order of their rows; empty for others.
    public let parts: [String]
    /// What the values are like; only when asked for.
    public var statistics: Statistics?
  }

  /// What the values of a tensor are like.
  public struct Statistics: Sendable, Encodable {
    /// Least finite value.
    public let minimum: Double
    /// Greatest finite value.
    public let maximum: Double
    /// Mean of the finite values.
    public let mean: Double
    /// Standard deviation of the finite values.
    public let standardDeviation: Double
    /// Values that are not numbers.
    public let nanCount: Int
    /// Values that are infinite.
    public let infinityCount: Int
    /// Finite values more than six standard deviations from the mean.
    public let outlierCount: Int
    /// Signal to quantization noise as measured when the container was made; `nil` where nothing was lost.
    public let sqnrDecibels: Double?
    /// How well the codes are packed; `nil` where there are none.
    public let codes: Codes?
  }

  /// Integer codes as they are stored, without scales and zero points.
  public struct Codes: Sendable, Encodable {
    /// Bits on disk for each code.
    public let storedBits: Double
    /// Shannon's entropy of the tensor's codes in bits a code, each looked at alone (order 0).
    public let entropyBits: Double
  }

  /// A tied tensor.
  public struct Alias: Sendable, Encodable {
    /// Canonical name.
    public let canonicalName: String
    /// Canonical name of the tensor that it shares.
    public let target: String
  }

  /// Sums over all tensors.
  public struct Totals: Sendable, Encodable {
    /// Tensors.
    public let tensorCount: Int
    /// Weights, tied ones once.
    public let weightCount: Int
    /// Bytes of the files.
    public let fileByteCount: Int
    /// Bytes of the tensors on disk.
    public let tensorByteCount: Int
    /// Bits on disk for each weight, index included, side files not.
    public let storedBitsPerWeight: Double
    /// Bits in memory for each weight.
    public let residentBitsPerWeight: Double
    /// Signal to quantization noise of the whole model; `nil` where nothing was lost.
    public let sqnrDecibels: Double?
  }

  /// Where a container comes from.
  public struct Origin: Sendable, Encodable {
    /// Program and version.
    public let producer: String
    /// Format of the source.
    public let sourceKind: String
    /// Options, as JSON text.
    public let recipe: String
    /// The source's weight files.
    public let sources: [File]
    /// Tensors that could not be what an option asked for.
    public let fallbacks: [ConversionReport.Fallback]
  }

  /// Name and version of this form.
  public let schema = "fusion-convert.inspect/1"
  /// `safetensors` or `fusion`.
  public let kind: String
  /// Path as given.
  public let path: String
  /// Family of the model; `nil` if there is no usable configuration.
  public let family: String?
  /// Weight files; for a container, the container and the files inside.
  public let files: [File]
  /// All tensors, in canonical order where the graph is known.
  public var tensors: [Tensor]
  /// Tied tensors.
  public let aliases: [Alias]
  /// Sums.
  public let totals: Totals
  /// Origin of a container.
  public let provenance: Origin?
  /// What a user should know.
  public let notices: [String]
}
