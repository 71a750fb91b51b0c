/// What the tensors of a PyTorch file may have at most.
public enum TorchLimits {
  /// Most tensors of one file.
  public static let tensorsPerFile = 100_000
  /// How many times as large as their file all its tensors together may be, laid out densely.
  ///
  /// Views of one storage can claim any size; models that use layers again repeat them a few dozen times.
  public static let expansion = 64
  /// Bytes that a file's tensors may have in any case.
  public static let expandedByteCount = 64 << 20
  /// How deep dictionaries of tensors may lie in each other.
  public static let dictionaryDepth = 8
}
