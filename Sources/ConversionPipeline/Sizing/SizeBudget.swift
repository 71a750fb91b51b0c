/// What a container may take on disk.
public enum SizeBudget: Sendable, Hashable {
  /// Bytes of the whole file.
  case bytes(Int)
  /// Bits a weight over the whole model: the file without its side files, index and all.
  case bitsPerWeight(Double)
}
