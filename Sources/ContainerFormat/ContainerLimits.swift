import ZstdCodec

/// The numbers of the format; `formats/container.md` gives the reason of each, and a test compares both.
public enum ContainerLimits {
  /// Major version that this code reads and writes.
  public static let majorVersion: UInt16 = 1
  /// Minor version that this code writes, and the newest that it reads.
  public static let minorVersion: UInt16 = 1

  /// Bytes of the header.
  public static let headerByteCount = 64
  /// Bytes of the footer.
  public static let footerByteCount = 64
  /// Bytes to which raw chunks and the index are aligned; a power of two.
  public static let chunkAlignment = 64
  /// Most bytes of the index.
  public static let maximumIndexByteCount = 8 << 20
  /// Most bytes that decoding an index may allocate for its messages.
  public static let maximumIndexMemory = 32 << 20
  /// Most tensors.
  public static let maximumTensorCount = 16_384
  /// Most aliases.
  public static let maximumAliasCount = 1024
  /// Most small files.
  public static let maximumFileCount = 64
  /// Most chunks, those of files included.
  public static let maximumChunkCount = 131_072
  /// Most decoded bytes of a chunk.
  public static let maximumRawChunkByteCount = 16 << 20
  /// Largest zstd window in bytes.
  public static let maximumWindowByteCount = ZstdFrame.maximumWindowByteCount
  /// Decoded bytes of each chunk of a small file but the last.
  public static let fileChunkByteCount = 4 << 20
  /// Most bytes of a small file.
  public static let maximumFileByteCount = 256 << 20
  /// Most bytes of a tensor's name.
  public static let maximumNameByteCount = 512
  /// Most bytes of a file's name.
  public static let maximumFileNameByteCount = 255
  /// Most bytes of a label.
  public static let maximumLabelByteCount = 256
  /// Most bytes of a sentence.
  public static let maximumSentenceByteCount = 4096
  /// Most bytes of the recipe.
  public static let maximumRecipeByteCount = 1 << 20
  /// Most source files.
  public static let maximumSourceCount = 4096
  /// Most fallbacks.
  public static let maximumFallbackCount = 16_384
  /// Most notices.
  public static let maximumNoticeCount = 1024
  /// Bytes of a SHA-256 digest.
  public static let digestByteCount = 32
}
