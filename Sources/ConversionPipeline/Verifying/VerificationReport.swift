/// What `verify` found to hold; a container that does not hold is an error instead.
public struct VerificationReport: Sendable, Encodable {
  /// A tensor against the source.
  public struct Tensor: Sendable, Encodable {
    /// The source's name.
    public let name: String
    /// Encoding.
    public let scheme: String
    /// Signal to quantization noise; `nil` where nothing was lost.
    public let sqnrDecibels: Double?
    /// Values beyond the ends of their codes, as a share.
    public let clippedShare: Double
    /// Greatest difference of a weight from the source.
    public let maximumError: Double
  }

  /// Name and version of this form.
  public let schema = "fusion-convert.verify/1"
  /// The container.
  public let path: String
  /// The checkpoint that it was compared with.
  public let source: String?
  /// Bytes of the container.
  public let byteCount: Int
  /// Tensors checked.
  public let tensorCount: Int
  /// Chunks whose checksums were checked, those of files included.
  public let chunkCount: Int
  /// Side files checked.
  public let fileCount: Int
  /// Signal to quantization noise of the whole model against the source; `nil` without one, or if nothing was lost.
  public let sqnrDecibels: Double?
  /// Each tensor against the source, in canonical order; empty without one.
  public let tensors: [Tensor]
  /// Seconds that it took.
  public let wallSeconds: Double
  /// What a user should know.
  public let notices: [String]
}
