/// What a container may take on disk.
public enum SizeBudget: Sendable, Hashable {
  /// Bytes of the whole file.
  case bytes(Int)
  /// Bits a weight over the whole model: the file without its side files, index and all.
  case bitsPerWeight(Double)
  /// Bits a weight over the tensors that bits are chosen for, on the mean, whatever everything else takes.
  case meanBits(Double)
}
