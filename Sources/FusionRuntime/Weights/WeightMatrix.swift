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
  /// The bytes of each stream of the encoding for each run of rows that lies together.
  private let parts: [[UnsafeRawBufferPointer]]
  private let rowsPerPart: Int
  /// Streams with the bytes of one row.
  private let layouts: [TensorEncoding.StreamLayout]
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
  public convenience init(
    name: String, shape: Shape, dtype: DType, encoding: TensorEncoding, streams: [UnsafeRawBufferPointer],
    owner: any Sendable
  ) {
    self.init(
      name: name, shape: shape, dtype: dtype, encoding: encoding, rowsPerPart: max(shape.rowCount, 1),
      parts: [streams], owner: owner)
  }

  /// Wraps bytes whose runs of rows lie apart.
  ///
  /// - Parameters:
  ///   - rowsPerPart: rows of each part but the last.
  ///   - parts: for each run of rows its streams in the order of the encoding, each of exactly the size that these rows
  ///     ask for. What all rows share is the same in every part.
  ///   - owner: keeps the bytes alive.
  /// - Precondition: the sizes agree, and values are floats of at most 32 bits.
  public init(
    name: String, shape: Shape, dtype: DType, encoding: TensorEncoding, rowsPerPart: Int,
    parts: [[UnsafeRawBufferPointer]], owner: any Sendable
  ) {
    func rowCount(_ part: Int) -> Int { min(rowsPerPart, shape.rowCount - part * rowsPerPart) }
    guard dtype.isQuantizable, let layouts = encoding.streams(shape: shape, dtype: dtype), rowsPerPart > 0,
      parts.count == max(1, CheckedArithmetic.ceilingDivision(shape.rowCount, rowsPerPart)),
      parts.enumerated().allSatisfy({ index, streams in
        layouts.count == streams.count
          && zip(layouts, streams).allSatisfy { $0.byteCount(rows: rowCount(index)) == $1.count }
      })
    else { preconditionFailure("streams of \(name) do not fit \(shape) \(dtype) \(encoding.name)") }
    self.name = name
    self.shape = shape
    self.dtype = dtype
    self.encoding = encoding
    self.parts = parts
    self.rowsPerPart = rowsPerPart
    self.layouts = layouts
    self.owner = owner
    let matrices = parts.enumerated().map { index, streams in
      EncodedMatrix(
        encoding: encoding, dtype: dtype, rowCount: rowCount(index), columnCount: shape.columnCount,
        streams: zip(layouts, streams).filter { $0.0.span == .row }.map(\.1))
    }
    encoded = matrices.count == 1 ? matrices[0] : EncodedMatrix(parts: matrices)
    columnScales = encoding.hasColumnScales ? parts[0].last.map(Self.widen) : nil
  }

  private static func widen(_ stream: UnsafeRawBufferPointer) -> [Float] {
    (0..<(stream.count / DType.bf16.byteWidth)).map {
      let bits = UInt16(littleEndian: stream.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))
      return Float(bitPattern: UInt32(bits) << 16)
    }
  }

  /// Bytes that the weight takes in memory.
  public var byteCount: Int { layouts.reduce(0) { $0 + $1.byteCount(rows: rowCount) } }

  /// Goes through some rows in runs that lie together, in order.
  ///
  /// - Parameter body: gets the rows of a run and the streams' bytes of exactly these.
  func forEachRun(of rows: Range<Int>, _ body: (_ rows: Range<Int>, _ streams: [UnsafeRawBufferPointer]) -> Void) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
    var row = rows.lowerBound
    while row < rows.upperBound {
      let index = row / rowsPerPart
      let first = index * rowsPerPart
      let end = min(first + rowsPerPart, rows.upperBound)
      let inPart = (row - first)..<(end - first)
      body(
        row..<end,
        zip(layouts, parts[index]).map { layout, stream in
          UnsafeRawBufferPointer(rebasing: stream[layout.range(rows: inPart)])
        })
      row = end
    }
  }
}
