import FusionCore

/// Ways in which the zip archive of a PyTorch file can be wrong.
extension FusionError.Code {
  /// The file does not end with an end record: it was cut short, or is no zip archive.
  public static let torchZipNoEndRecord = Self("torch.zipNoEndRecord")
  /// Bytes follow the end record.
  public static let torchZipTrailingBytes = Self("torch.zipTrailingBytes")
  /// The archive or an entry has a comment, which can hide a second archive.
  public static let torchZipComment = Self("torch.zipComment")
  /// A second end record stands before the last one.
  public static let torchZipSecondEndRecord = Self("torch.zipSecondEndRecord")
  /// The archive, or a part of it, is said to lie on another disk.
  public static let torchZipSeveralDisks = Self("torch.zipSeveralDisks")
  /// A Zip64 record or field is missing, of a wrong size, or disagrees with the 32-bit fields.
  public static let torchZipBadZip64 = Self("torch.zipBadZip64")
  /// More entries, or a larger central directory, than this reader takes or the file can hold.
  public static let torchZipTooManyEntries = Self("torch.zipTooManyEntries")
  /// The central directory does not end where the end records start.
  public static let torchZipDirectoryMisplaced = Self("torch.zipDirectoryMisplaced")
  /// The central directory is not a list of as many records as the end record says.
  public static let torchZipBadDirectory = Self("torch.zipBadDirectory")
  /// The archive has no entries.
  public static let torchZipEmpty = Self("torch.zipEmpty")
  /// Bytes stand before the first entry.
  public static let torchZipPrependedData = Self("torch.zipPrependedData")
  /// An entry is encrypted.
  public static let torchZipEncrypted = Self("torch.zipEncrypted")
  /// An entry is compressed.
  public static let torchZipCompressedEntry = Self("torch.zipCompressedEntry")
  /// An entry has flags, or asks for a version, that stored entries have no use for.
  public static let torchZipUnsupportedFeature = Self("torch.zipUnsupportedFeature")
  /// Compressed and uncompressed size of a stored entry differ.
  public static let torchZipSizeMismatch = Self("torch.zipSizeMismatch")
  /// An extra field is longer or shorter than its place, or of a kind that is not taken.
  public static let torchZipBadExtraField = Self("torch.zipBadExtraField")
  /// A name that is empty, too long, not UTF-8, or could harm a terminal or a file system.
  public static let torchZipUnsafeName = Self("torch.zipUnsafeName")
  /// Two entries of one name.
  public static let torchZipDuplicateName = Self("torch.zipDuplicateName")
  /// The entries do not lie in one folder.
  public static let torchZipNoCommonRoot = Self("torch.zipNoCommonRoot")
  /// An entry reaches beyond the place for entries.
  public static let torchZipOutOfBounds = Self("torch.zipOutOfBounds")
  /// Two entries share bytes.
  public static let torchZipOverlap = Self("torch.zipOverlap")
  /// Bytes between entries that belong to none.
  public static let torchZipGap = Self("torch.zipGap")
  /// An entry that the central directory does not list.
  public static let torchZipUnlistedEntry = Self("torch.zipUnlistedEntry")
  /// There is no local header where the central directory says.
  public static let torchZipNoLocalHeader = Self("torch.zipNoLocalHeader")
  /// A local header has another name than the central directory.
  public static let torchZipNameMismatch = Self("torch.zipNameMismatch")
  /// A local header disagrees with the central directory in something other than the name.
  public static let torchZipHeaderMismatch = Self("torch.zipHeaderMismatch")
  /// The data descriptor after an entry is missing or disagrees with the central directory.
  public static let torchZipBadDescriptor = Self("torch.zipBadDescriptor")
  /// The bytes of an entry do not have the checksum that the archive states.
  public static let torchZipWrongChecksum = Self("torch.zipWrongChecksum")
}
