/// What a container may take on disk.
public enum SizeBudget: Sendable, Hashable {
  /// Bytes of the whole file.
  case bytes(Int)
  /// Bits a weight over the whole model: the file without its side files, index and all.
  case bitsPerWeight(Double)

  /// How far from the budget a container may be, as a share of it.
  public static let tolerance = 0.005
}
