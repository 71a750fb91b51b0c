import FusionCore

/// One of the streams that make up an encoded tensor.
public struct ContainerStream: Sendable, Equatable {
  /// Which stream of the encoding.
  public var kind: TensorEncoding.StreamKind
  /// Its chunks in the order of rows.
  public var chunks: [ContainerChunk]

  /// Collects the fields.
  public init(kind: TensorEncoding.StreamKind, chunks: [ContainerChunk]) {
    self.kind = kind
    self.chunks = chunks
  }
}
