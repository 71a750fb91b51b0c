import FusionCore

/// How a tensor is cut into chunks: the same rows in every stream.
public struct ChunkGrid: Sendable, Equatable {
  /// The streams of the encoding.
  public let streams: [TensorEncoding.StreamLayout]
  /// Rows of the tensor; at least 1.
  public let rowCount: Int
  /// Rows of each chunk but the last.
  public let rowsPerChunk: Int

  /// The cut of a tensor.
  ///
  /// - Returns: `nil` if the tensor is empty, a size overflows, or `rowsPerChunk` is not 1 to the number of rows.
  public init?(encoding: TensorEncoding, shape: Shape, dtype: DType, rowsPerChunk: Int) {
    guard shape.elementCount > 0, rowsPerChunk >= 1, rowsPerChunk <= shape.rowCount,
      let streams = encoding.streams(shape: shape, dtype: dtype)
    else { return nil }
    self.streams = streams
    self.rowsPerChunk = rowsPerChunk
    rowCount = shape.rowCount
  }

  /// The most rows whose largest stream takes at most `targetByteCount` bytes, but at least one row.
  ///
  /// - Returns: `nil` if the tensor is empty, a size overflows, or one row is larger than
  ///   ``ContainerLimits/maximumRawChunkByteCount``.
  /// - Precondition: `targetByteCount` is 1 to ``ContainerLimits/maximumRawChunkByteCount``.
  public static func rowsPerChunk(
    encoding: TensorEncoding, shape: Shape, dtype: DType, targetByteCount: Int
  ) -> Int? {
    precondition(
      targetByteCount >= 1 && targetByteCount <= ContainerLimits.maximumRawChunkByteCount,
      "chunk size \(targetByteCount) is outside the format's limit")
    guard shape.elementCount > 0, let streams = encoding.streams(shape: shape, dtype: dtype),
      let widest = streams.map(\.unitByteCount).max(), widest <= ContainerLimits.maximumRawChunkByteCount
    else { return nil }
    return min(max(targetByteCount / widest, 1), shape.rowCount)
  }

  /// Chunks of each stream that has bytes for every row.
  public var chunkCount: Int { CheckedArithmetic.ceilingDivision(rowCount, rowsPerChunk) }

  /// Chunks of a stream: one if all rows share it.
  public func chunkCount(_ stream: TensorEncoding.StreamLayout) -> Int { stream.span == .row ? chunkCount : 1 }

  /// Rows that a chunk covers.
  ///
  /// - Precondition: `chunk` is 0 to ``chunkCount`` - 1.
  public func rows(ofChunk chunk: Int) -> Range<Int> {
    precondition((0..<chunkCount).contains(chunk), "chunk \(chunk) of \(chunkCount)")
    let first = chunk * rowsPerChunk
    return first..<(first + min(rowsPerChunk, rowCount - first))
  }

  /// Decoded bytes of a chunk of one of ``streams``.
  ///
  /// - Precondition: as for ``rows(ofChunk:)``; a layout gives sizes for all rows, so nothing overflows.
  public func rawByteCount(_ stream: TensorEncoding.StreamLayout, chunk: Int) -> Int {
    stream.byteCount(rows: rows(ofChunk: chunk).count)
  }
}
