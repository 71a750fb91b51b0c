/// Whether chunks are compressed.
public enum CompressionPolicy: String, Sendable, CaseIterable {
  /// Never: the file can be mapped and used in place.
  case raw
  /// Where it saves enough.
  case zstd
}
