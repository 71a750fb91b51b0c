import FusionCore

extension FusionError.Code {
  /// The bytes do not start with the magic number of a zstd frame.
  public static let zstdNotAFrame = Self("zstd.notAFrame")
  /// A skippable frame stands where a data frame must be.
  public static let zstdSkippableFrame = Self("zstd.skippableFrame")
  /// The bytes end inside the frame.
  public static let zstdTruncated = Self("zstd.truncated")
  /// A reserved or unused bit of the frame header is set.
  public static let zstdReservedBit = Self("zstd.reservedBit")
  /// The frame has a dictionary identifier.
  public static let zstdDictionary = Self("zstd.dictionary")
  /// The frame has a checksum of its own, which this format does not use.
  public static let zstdContentChecksum = Self("zstd.contentChecksum")
  /// The frame does not state its content size.
  public static let zstdContentSizeMissing = Self("zstd.contentSizeMissing")
  /// The frame states another content size than the one that was announced.
  public static let zstdContentSizeWrong = Self("zstd.contentSizeWrong")
  /// The frame asks for a larger window than a decoder must provide.
  public static let zstdWindowTooLarge = Self("zstd.windowTooLarge")
  /// A block has the reserved type.
  public static let zstdReservedBlock = Self("zstd.reservedBlock")
  /// A block is larger than the frame's window or than the content that is left.
  public static let zstdBlockTooLarge = Self("zstd.blockTooLarge")
  /// Something follows the frame.
  public static let zstdTrailingData = Self("zstd.trailingData")
  /// The blocks cannot be decoded, or decode to another size than stated.
  public static let zstdCorrupt = Self("zstd.corrupt")
  /// The compressor failed, which it does only without memory.
  public static let zstdEncodingFailed = Self("zstd.encodingFailed", .internalDefect)
}

extension FusionError {
  /// A broken rule of a frame; the caller adds the file and what the frame belongs to.
  static func zstd(
    _ code: Code, _ summary: String, at offset: Int, expected: String, found: String
  ) -> FusionError {
    FusionError(
      code, summary, place: "byte \(offset) of the compressed data", expected: expected, found: found,
      remedy: "get the file again; if it was just written, this is a defect of the program that wrote it")
  }
}
