import FusionCore

/// One tensor of a file, as its header states it and the reader has proven it.
public struct SafetensorsEntry: Sendable, Hashable {
  /// The name in the header.
  public let name: String
  /// Element type.
  public let dtype: DType
  /// Sizes, outermost first.
  public let shape: Shape
  /// Bytes from the start of the file; exactly shape times element width of them.
  public let byteRange: Range<Int>
}
