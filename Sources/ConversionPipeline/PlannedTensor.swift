import FusionCore
import WeightGraph

/// What a conversion will do with one tensor, and why.
public struct PlannedTensor: Sendable {
  /// The tensor.
  public let tensor: GraphTensor
  /// What it becomes.
  public let scheme: WeightScheme
  /// Why, in a few words for a person.
  public let reason: String
  /// Set when an option asked for something that this tensor cannot be.
  public let fallbackFrom: WeightScheme?
  /// Whether an option named this tensor.
  public let isRequested: Bool

  /// The scheme's name as all reports give it: the type of the values where they are unquantized.
  var schemeName: String { encoding.isQuantized ? scheme.name : dtype.schemeName }

  /// Whether these are weights of a type that does not widen to float32.
  var isOfOtherType: Bool {
    tensor.role != .buffer && tensor.description.shape.rank >= 2 && !tensor.description.dtype.isQuantizable
  }

  /// Encoding in the container.
  public var encoding: TensorEncoding { scheme.encoding }

  /// The type that decoding yields: the source's, unless the scheme converts.
  public var dtype: DType {
    if case .convert(let type) = scheme { type } else { tensor.description.dtype }
  }

  /// Bytes of the encoded tensor before compression; the planner has proven that this does not overflow.
  public var residentByteCount: Int {
    encoding.residentByteCount(shape: tensor.description.shape, dtype: dtype) ?? 0
  }

  /// Rows of one chunk: about two million weights, so that a chunk is a few milliseconds of work and a few megabytes.
  public var rowsPerChunk: Int {
    let columns = max(tensor.description.shape.columnCount, 1)
    return max(1, min(Self.weightsPerChunk / columns, max(tensor.description.shape.rowCount, 1)))
  }

  /// Chunks of each stream.
  public var chunkCount: Int {
    CheckedArithmetic.ceilingDivision(tensor.description.shape.rowCount, rowsPerChunk)
  }

  private static let weightsPerChunk = 2_097_152
}
