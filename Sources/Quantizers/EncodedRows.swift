import FusionCore

/// Some whole rows of a tensor in an encoding: one run of bytes for each stream.
public struct EncodedRows: Sendable {
  /// The encoding.
  public let encoding: TensorEncoding
  /// Rows held.
  public let rowCount: Int
  /// Values in a row.
  public let columnCount: Int
  /// Bytes of each stream, in the order of ``TensorEncoding/streams(shape:dtype:)``.
  public let streams: [[UInt8]]

  /// Takes streams whose sizes the caller has made to fit.
  ///
  /// - Parameter dtype: the type that decoding yields; it decides the size of verbatim values.
  /// - Precondition: every stream has exactly the bytes that the encoding asks for.
  public init(encoding: TensorEncoding, rowCount: Int, columnCount: Int, dtype: DType, streams: [[UInt8]]) {
    let layouts = encoding.streams(shape: .matrix(rows: rowCount, columns: columnCount), dtype: dtype) ?? []
    precondition(
      layouts.map { $0.byteCount(rows: rowCount) } == streams.map(\.count),
      "streams of \(streams.map(\.count)) bytes for \(rowCount) rows of \(columnCount) as \(encoding.name)")
    self.encoding = encoding
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.streams = streams
  }

  /// Columns of group `index` of a row.
  func columns(ofGroup index: Int) -> Range<Int> {
    guard encoding.groupSize > 0 else { return 0..<columnCount }
    let start = index * encoding.groupSize
    return start..<min(start + encoding.groupSize, columnCount)
  }

  /// Groups in a row.
  var groupsPerRow: Int { encoding.groupCount(columns: columnCount) }
}
