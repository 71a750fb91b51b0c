/// What a checkpoint's layout may have at most; counts must be affordable before anything is allocated for them.
public enum CheckpointLimits {
  /// Largest index file, in bytes.
  public static let indexByteCount = 8 << 20
  /// Most tensors in an index.
  public static let tensorsPerIndex = 100_000
  /// Most files that an index names; sorting and looking up more would cost more than reading them is worth.
  public static let filesPerIndex = 4096
}
