/// What this reader takes at most; counts must be affordable before anything is allocated for them.
public enum SafetensorsLimits {
  /// Longest header that the format permits, in bytes.
  public static let formatHeaderByteCount = 100_000_000
  /// Longest header that this reader parses, in bytes.
  ///
  /// Headers of published checkpoints stay below 2 MiB. A hostile header costs its parsing time and several times its
  /// size in memory before it is refused; 8 MiB keeps that well below 100 ms and 64 MiB.
  public static let headerByteCount = 8 << 20
  /// Most tensors in one file; the largest published models have fewer than 2,000 in a shard.
  public static let tensorsPerFile = 32_768
  /// Most entries of one file's metadata.
  public static let metadataEntries = 4096
}
