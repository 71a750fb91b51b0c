import FusionCore
import NumericKernels

/// One weight in memory, as it is stored: floats of any type, or codes with scales.
///
/// Rows are output channels. The bytes belong to `owner`, which is kept for as long as the matrix is.
public final class WeightMatrix: @unchecked Sendable {
  /// The canonical name.
  public let name: String
  /// Sizes as the source states them; rows are the first, columns all others.
  public let shape: Shape
  /// Type of a value that is not quantized, and of what the codes stand for.
  public let dtype: DType
  /// How the numbers are held.
  public let encoding: TensorEncoding
  /// The bytes of each stream of the encoding, all rows.
  public let streams: [UnsafeRawBufferPointer]
  /// Streams with the bytes of one row.
  let layouts: [TensorEncoding.StreamLayout]
  /// The same bytes as the kernels take them.
  let encoded: EncodedMatrix
  /// A positive number for each column, if the encoding has them; ``encoded`` is without them, so that they multiply
  /// what the weight is multiplied with.
  let columnScales: [Float]?
  private let owner: any Sendable

  /// Output channels.
  public var rowCount: Int { shape.rowCount }
  /// Input channels.
  public var columnCount: Int { shape.columnCount }

  /// Wraps bytes.
  ///
  /// - Parameters:
  ///   - streams: in the order of the encoding, each of exactly the size that shape and encoding ask for.
  ///   - owner: keeps the bytes alive.
  /// - Precondition: the sizes agree, and values are floats of at most 32 bits.
  public init(
    name: String, shape: Shape, dtype: DType, encoding: TensorEncoding, streams: [UnsafeRawBufferPointer],
    owner: any Sendable
  ) {
    guard dtype.isQuantizable, let layouts = encoding.streams(shape: shape, dtype: dtype),
      layouts.count == streams.count,
      zip(layouts, streams).allSatisfy({ $0.byteCount(rows: shape.rowCount) == $1.count })
    else { preconditionFailure("streams of \(name) do not fit \(shape) \(dtype) \(encoding.name)") }
    self.name = name
    self.shape = shape
    self.dtype = dtype
    self.encoding = encoding
    self.streams = streams
    self.layouts = layouts
    self.owner = owner
    encoded = EncodedMatrix(
      encoding: encoding, dtype: dtype, rowCount: shape.rowCount, columnCount: shape.columnCount,
      streams: zip(layouts, streams).filter { $0.0.span == .row }.map(\.1))
    columnScales = encoding.hasColumnScales ? Self.widen(streams[streams.count - 1]) : nil
  }

  private static func widen(_ stream: UnsafeRawBufferPointer) -> [Float] {
    (0..<(stream.count / DType.bf16.byteWidth)).map {
      let bits = UInt16(littleEndian: stream.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))
      return Float(bitPattern: UInt32(bits) << 16)
    }
  }

  /// Bytes that the weight takes in memory.
  public var byteCount: Int { streams.reduce(0) { $0 + $1.count } }

  /// The streams' bytes of some rows.
  func streams(rows: Range<Int>) -> [UnsafeRawBufferPointer] {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
    return zip(layouts, streams).map { layout, stream in
      UnsafeRawBufferPointer(rebasing: stream[layout.range(rows: rows)])
    }
  }
}
