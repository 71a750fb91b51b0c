/// How far one tensor of the candidate is from the same tensor of the reference.
public struct TensorDifference: Codable, Sendable, Equatable {
  /// Canonical name.
  public var name: String
  /// Which part of the model it belongs to.
  public var part: ModelPart
  /// What it does there, as `inspect` names it: `attention`, `mlp`, `norm`.
  public var role: String
  /// Number of its layer in the part, from 0; nil outside of layers.
  public var layer: Int?
  /// Sizes, the slowest first.
  public var shape: [Int]
  /// How the candidate keeps it, such as `int4-g32`.
  public var scheme: String
  /// Type of its values in the reference, such as `bf16`.
  public var dtype: String
  /// Product of the shape.
  public var weightCount: Int
  /// Bits on disk for each weight in the candidate, scales included.
  public var storedBitsPerWeight: Double
  /// Bits in memory for each weight in the candidate, scales included.
  public var residentBitsPerWeight: Double
  /// Whether every value is equal to that of the reference.
  public var isExact: Bool
  /// Energy of the values over energy of the error, in dB; nil where the tensor is exact, for then it is infinite.
  public var signalToNoise: Double?
  /// Frobenius norm of the error over that of the values.
  public var relativeError: Double
  /// Largest absolute error of one value.
  public var maximumError: Double
  /// Cosine between the two tensors taken as vectors.
  public var cosine: Double
  /// Share of values beyond the range that their scale can express, 0 to 1; nil where nothing has a range.
  public var clippedShare: Double?
  /// Share of values that are outliers of their tensor, 0 to 1; nil if not measured.
  public var outlierShare: Double?

  /// Collects the fields.
  public init(
    name: String, part: ModelPart, role: String, layer: Int? = nil, shape: [Int], scheme: String, dtype: String,
    weightCount: Int, storedBitsPerWeight: Double, residentBitsPerWeight: Double, isExact: Bool, signalToNoise: Double?,
    relativeError: Double, maximumError: Double, cosine: Double, clippedShare: Double? = nil,
    outlierShare: Double? = nil
  ) {
    self.name = name
    self.part = part
    self.role = role
    self.layer = layer
    self.shape = shape
    self.scheme = scheme
    self.dtype = dtype
    self.weightCount = weightCount
    self.storedBitsPerWeight = storedBitsPerWeight
    self.residentBitsPerWeight = residentBitsPerWeight
    self.isExact = isExact
    self.signalToNoise = signalToNoise
    self.relativeError = relativeError
    self.maximumError = maximumError
    self.cosine = cosine
    self.clippedShare = clippedShare
    self.outlierShare = outlierShare
  }
}
