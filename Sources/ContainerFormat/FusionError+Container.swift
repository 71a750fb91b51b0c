import FusionCore

extension FusionError.Code {
  /// The file is smaller than the smallest container.
  public static let containerTooShort = Self("container.tooShort")
  /// The file does not start with the magic bytes.
  public static let containerWrongMagic = Self("container.wrongMagic")
  /// The file was written for another version of the format.
  public static let containerUnsupportedVersion = Self("container.unsupportedVersion")
  /// The file needs a feature that this version does not know.
  public static let containerUnknownFeature = Self("container.unknownFeature")
  /// The header's checksum is wrong.
  public static let containerHeaderDamaged = Self("container.headerDamaged")
  /// Reserved bytes of the header or footer are not 0.
  public static let containerReservedNotZero = Self("container.reservedNotZero")
  /// The file does not end with the end magic: it is incomplete, or something was appended.
  public static let containerFooterMissing = Self("container.footerMissing")
  /// The footer's checksum is wrong.
  public static let containerFooterDamaged = Self("container.footerDamaged")
  /// The file has another size than its footer states.
  public static let containerLengthWrong = Self("container.lengthWrong")
  /// The index is larger than the limit, or empty.
  public static let containerIndexSize = Self("container.indexSize")
  /// The index is not where it must be.
  public static let containerIndexMisplaced = Self("container.indexMisplaced")
  /// The index's checksum is wrong.
  public static let containerIndexDamaged = Self("container.indexDamaged")
  /// The index is not a message of the format.
  public static let containerIndexMalformed = Self("container.indexMalformed")
  /// Decoding the index would take more memory than the limit.
  public static let containerIndexTooCostly = Self("container.indexTooCostly")
  /// A message has a field that the format does not have.
  public static let containerUnknownField = Self("container.unknownField")
  /// The index is not in its canonical encoding.
  public static let containerIndexNotCanonical = Self("container.indexNotCanonical")
  /// There are more entries of a kind than the limit.
  public static let containerTooMany = Self("container.tooMany")
  /// A number does not fit in 63 bits, or is negative.
  public static let containerNumberTooLarge = Self("container.numberTooLarge")
  /// A text breaks the rule of its kind.
  public static let containerInvalidText = Self("container.invalidText")
  /// Two things have the same name.
  public static let containerDuplicateName = Self("container.duplicateName")
  /// An element type is unknown.
  public static let containerUnknownType = Self("container.unknownType")
  /// A shape has too many sizes, a size of 0, or a product that overflows.
  public static let containerInvalidShape = Self("container.invalidShape")
  /// An encoding is unknown, has a group size that is not permitted, or does not go with the element type.
  public static let containerInvalidEncoding = Self("container.invalidEncoding")
  /// The streams are not those of the encoding.
  public static let containerStreamsWrong = Self("container.streamsWrong")
  /// The rows of a chunk are not 1 to the rows of the tensor.
  public static let containerInvalidRows = Self("container.invalidRows")
  /// A stream or file has another number of chunks than its size asks for.
  public static let containerChunkCountWrong = Self("container.chunkCountWrong")
  /// A chunk decodes to another size than its rows ask for.
  public static let containerChunkSizeWrong = Self("container.chunkSizeWrong")
  /// A chunk decodes to more than the limit.
  public static let containerChunkTooLarge = Self("container.chunkTooLarge")
  /// A coding is unknown, not permitted there, or does not go with the stored size.
  public static let containerInvalidCoding = Self("container.invalidCoding")
  /// Two chunks overlap, or a chunk and the header or index.
  public static let containerChunkOverlap = Self("container.chunkOverlap")
  /// There is a hole before a chunk, or it is not aligned.
  public static let containerChunkGap = Self("container.chunkGap")
  /// A chunk lies outside the file.
  public static let containerChunkOutside = Self("container.chunkOutside")
  /// An alias names something that is not a tensor of the file.
  public static let containerAliasTarget = Self("container.aliasTarget")
  /// An alias names an alias.
  public static let containerAliasChain = Self("container.aliasChain")
  /// A tensor names a source file that is not listed.
  public static let containerSourceIndex = Self("container.sourceIndex")
  /// A statistic is not finite or contradicts another one.
  public static let containerInvalidStatistics = Self("container.invalidStatistics")
  /// A digest does not have 32 bytes.
  public static let containerInvalidDigest = Self("container.invalidDigest")
  /// A small file is larger than the limit.
  public static let containerFileTooLarge = Self("container.fileTooLarge")
  /// The stored bytes of a chunk are not those that were written.
  public static let containerChunkDamaged = Self("container.chunkDamaged")
  /// Bytes between chunks are not 0.
  public static let containerPaddingNotZero = Self("container.paddingNotZero")
  /// No small file of that name is in the container.
  public static let containerNoSuchFile = Self("container.noSuchFile", .usage)
}

extension FusionError {
  /// A broken rule of the format, with the advice that fits nearly all of them.
  static func container(
    _ code: Code, _ summary: String, place: String? = nil, expected: String, found: String,
    remedy: String = "the file is damaged or was not written by this toolkit: get it again or convert again"
  ) -> FusionError {
    FusionError(code, summary, place: place, expected: expected, found: found, remedy: remedy)
  }

  /// The same error with an outer place before its own.
  func inPlace(_ outer: String) -> FusionError {
    var copy = self
    copy.place = place.map { "\(outer), \($0)" } ?? outer
    return copy
  }
}
