/// Tensors by name, whatever file format they come from.
///
/// A reader proves its index before it becomes a source: every description lies inside its file and agrees with its
/// shape. All members may be used from several threads at once.
public protocol WeightSource: Sendable {
  /// Short name of the format for reports: `safetensors`, `torch`, `fusion`.
  var formatName: String { get }
  /// The files that tensors lie in.
  var files: [SourceFile] { get }
  /// All tensors, sorted by name.
  var tensors: [TensorDescription] { get }
  /// Things about the source that a user should know but that do not stop the work, one sentence each.
  var notices: [String] { get }

  /// Names of tensors that are the same bytes as another one, with the other's name; both are in ``tensors``.
  var aliases: [String: String] { get }

  /// Lends part of a tensor's little-endian, row-major bytes.
  ///
  /// - Parameters:
  ///   - tensor: one of ``tensors``.
  ///   - range: byte range inside the tensor.
  ///   - body: gets exactly `range.count` bytes, valid only during the call, of any alignment.
  /// - Throws: `FusionError` when the file cannot be read or has changed since it was opened; what `body` throws.
  func withBytes<Result>(
    of tensor: TensorDescription, in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result

  /// Lends all bytes of a tensor for as long as the caller wants them.
  ///
  /// Nothing guards them against a change of the file; a caller that trusts what it computed from them calls
  /// ``checkUnchanged()`` afterwards.
  ///
  /// - Throws: `FusionError` when the file cannot be read or has changed since it was opened.
  func borrow(_ tensor: TensorDescription) throws -> BorrowedBytes

  /// Says that a part of a tensor will not be read again soon, so that its pages need not count as used memory.
  func discard(_ tensor: TensorDescription, in range: Range<Int>)

  /// Proves that no file has changed since it was opened.
  func checkUnchanged() throws
}

extension WeightSource {
  /// None, as in formats that store every tensor by itself.
  public var aliases: [String: String] { [:] }
}
