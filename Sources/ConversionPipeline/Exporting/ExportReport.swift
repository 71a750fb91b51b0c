/// What `export` wrote.
public struct ExportReport: Sendable, Encodable {
  /// Name and version of this form.
  public let schema = "fusion-convert.export/1"
  /// The container or checkpoint.
  public let path: String
  /// The folder.
  public let output: String
  /// Type that quantized tensors were written in; `nil` for each tensor's own.
  public let dtype: String?
  /// Files written, in order.
  public let files: [String]
  /// Tensors written.
  public let tensorCount: Int
  /// Of them, those that were dequantized and so differ from the source.
  public let dequantizedTensorCount: Int
  /// Bytes of all files.
  public let byteCount: Int
  /// What a user should know.
  public let notices: [String]
  /// Seconds that it took.
  public let wallSeconds: Double
}
