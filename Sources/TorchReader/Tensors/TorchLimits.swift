/// What the tensors of a PyTorch file may have at most.
public enum TorchLimits {
  /// Most tensors of one file.
  public static let tensorsPerFile = 100_000
  /// Most bytes of a tensor that repeats elements of its storage.
  ///
  /// An expanded view of one element can claim any size; published weights never repeat any.
  public static let repeatedByteCount = 64 << 20
  /// How deep dictionaries of tensors may lie in each other.
  public static let dictionaryDepth = 8
}
