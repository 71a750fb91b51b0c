/// One tensor as a source's index states it, after the reader has proven the statement.
public struct TensorDescription: Sendable, Hashable {
  /// The source's own name.
  public let name: String
  /// Element type.
  public let dtype: DType
  /// Sizes, outermost first.
  public let shape: Shape
  /// Index into ``WeightSource/files``.
  public let fileIndex: Int
  /// Bytes from the start of that file to the first element.
  public let offset: Int
  /// Bytes of the tensor: always shape times element width.
  public let byteCount: Int

  /// Collects the fields; the reader has checked that they agree.
  ///
  /// - Precondition: `byteCount` is the element count times the element width.
  public init(name: String, dtype: DType, shape: Shape, fileIndex: Int, offset: Int, byteCount: Int) {
    precondition(shape.byteCount(of: dtype) == byteCount, "tensor \(name): \(byteCount) bytes for \(shape) \(dtype)")
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.fileIndex = fileIndex
    self.offset = offset
    self.byteCount = byteCount
  }
}
