/// Rows of a fused tensor that are a tensor of their own in the other layout.
public struct TensorPart: Sendable, Hashable {
  /// The name that the rows have where they are a tensor.
  public let canonicalName: String
  /// Which rows of the fused tensor.
  public let rows: Range<Int>

  /// Collects the fields.
  public init(canonicalName: String, rows: Range<Int>) {
    self.canonicalName = canonicalName
    self.rows = rows
  }
}
