import FusionCore

/// One tensor of a container.
public struct ContainerTensor: Sendable, Equatable {
  /// The name in the source.
  public var name: String
  /// The name in the model's graph.
  public var canonicalName: String
  /// What the tensor is for, in the words of the graph; opaque to the container, may be empty.
  public var role: String
  /// What decoding yields.
  public var dtype: DType
  /// Sizes, outermost first; none is 0.
  public var shape: Shape
  /// How the numbers are held.
  public var encoding: TensorEncoding
  /// Rows that each chunk but the last covers, in every stream.
  public var rowsPerChunk: Int
  /// The streams of the encoding, in its order.
  public var streams: [ContainerStream]
  /// Index into ``Provenance/sources``: the file that the tensor came from.
  public var sourceFileIndex: Int
  /// What was seen when the tensor was converted, if it was measured.
  public var statistics: TensorStatistics?

  /// Collects the fields; the index's validation proves them.
  public init(
    name: String, canonicalName: String, role: String, dtype: DType, shape: Shape, encoding: TensorEncoding,
    rowsPerChunk: Int, streams: [ContainerStream], sourceFileIndex: Int, statistics: TensorStatistics? = nil
  ) {
    self.name = name
    self.canonicalName = canonicalName
    self.role = role
    self.dtype = dtype
    self.shape = shape
    self.encoding = encoding
    self.rowsPerChunk = rowsPerChunk
    self.streams = streams
    self.sourceFileIndex = sourceFileIndex
    self.statistics = statistics
  }

  /// Bytes of all chunks in the file.
  public var storedByteCount: Int { streams.reduce(0) { $1.chunks.reduce($0) { $0 + $1.storedByteCount } } }

  /// The cut of the tensor into chunks.
  ///
  /// - Returns: `nil` if the fields contradict each other, which a validated index excludes.
  public var grid: ChunkGrid? {
    ChunkGrid(encoding: encoding, shape: shape, dtype: dtype, rowsPerChunk: rowsPerChunk)
  }
}
