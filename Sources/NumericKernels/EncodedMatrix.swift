internal import CNumericKernels
import FusionCore

/// A matrix of weights as they are stored, borrowed from whoever holds the bytes.
///
/// Scales of columns are not part of it: whoever multiplies with such a matrix multiplies the other operand with them
/// first, once for all rows.
///
/// The bytes must stay in place, unchanged, for as long as any copy of this value is used; that promise is what makes
/// it safe to share between threads.
public struct EncodedMatrix: @unchecked Sendable {
  /// How the weights are held.
  public let encoding: TensorEncoding
  /// Type of verbatim values: `.bf16`, `.f16` or `.f32`. Says nothing about codes.
  public let dtype: DType
  /// Output channels.
  public let rowCount: Int
  /// Weights of a row, at least 1.
  public let columnCount: Int
  /// The streams that have bytes for every row, in the order of ``TensorEncoding/streams(shape:dtype:)``, of any
  /// alignment.
  ///
  /// Empty for a matrix of parts that lie apart; then each part has its own.
  public let streams: [UnsafeRawBufferPointer]
  let kind: fk_encoding
  /// Rows that each part but the last has; the number of rows of a matrix in one piece.
  let rowsPerPart: Int
  /// What a matrix in several pieces is made of, in the order of rows; empty for one in one piece.
  private let parts: [EncodedMatrix]

  /// Describes borrowed bytes.
  ///
  /// - Precondition: the streams are those of the encoding, of exactly the lengths that the counts ask for.
  public init(
    encoding: TensorEncoding, dtype: DType, rowCount: Int, columnCount: Int, streams: [UnsafeRawBufferPointer]
  ) {
    precondition(rowCount >= 0 && columnCount > 0, "\(rowCount) rows of \(columnCount) columns")
    let groups = encoding.groupCount(columns: columnCount)
    let codes: Int
    switch encoding.kind {
    case .verbatim: codes = columnCount * dtype.byteWidth
    case .int8: codes = columnCount
    case .int4Symmetric, .int4Asymmetric, .int4NonLinear: codes = (columnCount + 1) / 2
    }
    var bytesPerRow = [codes]
    if encoding.isQuantized { bytesPerRow.append(groups * encoding.scaleType.byteWidth) }
    if encoding.kind == .int4Asymmetric { bytesPerRow.append((groups + 1) / 2) }
    precondition(
      streams.map(\.count) == bytesPerRow.map { $0 * rowCount },
      "streams of \(streams.map(\.count)) bytes for \(rowCount) rows of \(columnCount) columns as \(encoding.name)")
    self.encoding = encoding
    self.dtype = dtype
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.streams = streams
    kind = Self.kind(of: encoding, dtype)
    rowsPerPart = max(rowCount, 1)
    parts = []
  }

  /// Puts a matrix together from runs of rows that lie apart.
  ///
  /// - Parameter parts: in the order of rows; at least one.
  /// - Precondition: all have the same columns and encoding, none is empty, and all but the last the same number of
  ///   rows.
  public init(parts: [EncodedMatrix]) {
    guard let first = parts.first, let last = parts.last else { preconditionFailure("a matrix of no parts") }
    precondition(
      parts.allSatisfy {
        $0.encoding == first.encoding && $0.dtype == first.dtype && $0.columnCount == first.columnCount
          && $0.parts.isEmpty
      } && parts.dropLast().allSatisfy { $0.rowCount == first.rowCount }
        && (1...first.rowCount).contains(last.rowCount),
      "parts of \(parts.map(\.rowCount)) rows")
    encoding = first.encoding
    dtype = first.dtype
    columnCount = first.columnCount
    kind = first.kind
    rowCount = (parts.count - 1) * first.rowCount + last.rowCount
    rowsPerPart = first.rowCount
    streams = parts.count == 1 ? first.streams : []
    self.parts = parts.count == 1 ? [] : parts
  }

  /// Whether all rows follow each other.
  var isInOnePiece: Bool { parts.isEmpty }

  /// Goes through some rows of a matrix in several pieces.
  ///
  /// - Parameter body: gets a part, some of its rows, and how many of the rows asked for come before them.
  func forEachPart(of rows: Range<Int>, _ body: (_ part: EncodedMatrix, _ rows: Range<Int>, _ offset: Int) -> Void) {
    var row = rows.lowerBound
    while row < rows.upperBound {
      let index = row / rowsPerPart
      let first = index * rowsPerPart
      let end = min(first + parts[index].rowCount, rows.upperBound)
      body(parts[index], (row - first)..<(end - first), row - rows.lowerBound)
      row = end
    }
  }

  private static func kind(of encoding: TensorEncoding, _ dtype: DType) -> fk_encoding {
    switch (encoding.kind, dtype) {
    case (.int8, _): return FK_ENCODING_S8
    case (.int4Symmetric, _): return FK_ENCODING_S4
    case (.int4Asymmetric, _): return FK_ENCODING_U4
    case (.int4NonLinear, _): return FK_ENCODING_N4
    case (.verbatim, .f32): return FK_ENCODING_F32
    case (.verbatim, .f16): return FK_ENCODING_F16
    case (.verbatim, .bf16): return FK_ENCODING_BF16
    case (.verbatim, _): preconditionFailure("a matrix of \(dtype) cannot be multiplied")
    }
  }

  /// What the kernels take; only of a matrix in one piece.
  var description: fk_matrix {
    precondition(isInOnePiece, "a matrix in several pieces has no one address")
    return fk_matrix(
      codes: streams[0].baseAddress, scales: streams.count > 1 ? streams[1].baseAddress : nil,
      zero_points: streams.count > 2 ? streams[2].baseAddress : nil, encoding: kind, row_count: rowCount,
      columns: columnCount, group_size: encoding.groupSize)
  }
}
