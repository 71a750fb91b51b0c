import FusionCore

/// Ways in which one safetensors file can be wrong.
extension FusionError.Code {
  /// Fewer bytes than the length field at the start needs.
  public static let safetensorsFileTooSmall = Self("safetensors.fileTooSmall")
  /// The header is longer than this reader takes.
  public static let safetensorsHeaderTooLarge = Self("safetensors.headerTooLarge")
  /// The file ends inside its header.
  public static let safetensorsHeaderTruncated = Self("safetensors.headerTruncated")
  /// A Git LFS pointer lies where the weights should be.
  public static let safetensorsGitLFSPointer = Self("safetensors.gitLFSPointer")
  /// A web page lies where the weights should be.
  public static let safetensorsWebPage = Self("safetensors.webPage")
  /// A file of another recognised kind.
  public static let safetensorsForeignFormat = Self("safetensors.foreignFormat")
  /// The header does not start with the brace of an object.
  public static let safetensorsHeaderStart = Self("safetensors.headerStart")
  /// Something other than spaces follows the header's object.
  public static let safetensorsHeaderPadding = Self("safetensors.headerPadding")
  /// More tensors or metadata entries than one file may have.
  public static let safetensorsTooManyEntries = Self("safetensors.tooManyEntries")
  /// A tensor name that is empty, too long, or could harm a terminal or a file system.
  public static let safetensorsUnsafeName = Self("safetensors.unsafeName")
  /// Two tensors or metadata entries of one name.
  public static let safetensorsDuplicateName = Self("safetensors.duplicateName")
  /// A tensor's entry is not an object.
  public static let safetensorsEntryNotObject = Self("safetensors.entryNotObject")
  /// A tensor's entry lacks a field.
  public static let safetensorsMissingField = Self("safetensors.missingField")
  /// A tensor's entry has a field that the format does not know.
  public static let safetensorsUnknownField = Self("safetensors.unknownField")
  /// A tensor's entry has a field twice.
  public static let safetensorsDuplicateField = Self("safetensors.duplicateField")
  /// An element type that the format does not know.
  public static let safetensorsUnknownType = Self("safetensors.unknownType")
  /// An element type that the format knows and this reader does not take.
  public static let safetensorsUnsupportedType = Self("safetensors.unsupportedType")
  /// A shape that is not a short list of unsigned integers.
  public static let safetensorsBadShape = Self("safetensors.badShape")
  /// A shape whose element or byte count overflows.
  public static let safetensorsShapeOverflow = Self("safetensors.shapeOverflow")
  /// Offsets that are not two unsigned integers in order.
  public static let safetensorsBadOffsets = Self("safetensors.badOffsets")
  /// A byte range that disagrees with shape and type.
  public static let safetensorsSizeMismatch = Self("safetensors.sizeMismatch")
  /// Two tensors share bytes.
  public static let safetensorsOverlap = Self("safetensors.overlap")
  /// Bytes between tensors that belong to none.
  public static let safetensorsHole = Self("safetensors.hole")
  /// Bytes after the last tensor.
  public static let safetensorsTrailingBytes = Self("safetensors.trailingBytes")
  /// The file ends before its last tensor does.
  public static let safetensorsTruncated = Self("safetensors.truncated")
  /// The metadata is not an object of strings.
  public static let safetensorsBadMetadata = Self("safetensors.badMetadata")
}

/// Ways in which a folder of safetensors files can be wrong.
extension FusionError.Code {
  /// The index file is larger, or has more tensors, than this reader takes.
  public static let safetensorsIndexTooLarge = Self("safetensors.indexTooLarge")
  /// The index file is JSON, but not an index.
  public static let safetensorsIndexMalformed = Self("safetensors.indexMalformed")
  /// The index has a tensor twice.
  public static let safetensorsIndexDuplicateTensor = Self("safetensors.indexDuplicateTensor")
  /// The index names a file outside of its folder.
  public static let safetensorsIndexUnsafePath = Self("safetensors.indexUnsafePath")
  /// The index names files that are not there, and nothing else can stand in for them.
  public static let safetensorsIndexMissingFile = Self("safetensors.indexMissingFile", .missingInput)
  /// A tensor is not in the file that the index names for it.
  public static let safetensorsIndexMisplacedTensor = Self("safetensors.indexMisplacedTensor")
  /// Two files hold a tensor of one name.
  public static let safetensorsTensorInTwoFiles = Self("safetensors.tensorInTwoFiles")
  /// A set of shards is not complete.
  public static let safetensorsMissingShards = Self("safetensors.missingShards", .missingInput)
  /// Several sets of weights lie in one folder and nothing says which one is meant.
  public static let safetensorsAmbiguousWeights = Self("safetensors.ambiguousWeights")
  /// The folder holds no safetensors weights.
  public static let safetensorsNoWeights = Self("safetensors.noWeights", .missingInput)
  /// The folder holds a LoRA adapter without its base model.
  public static let safetensorsAdapterOnly = Self("safetensors.adapterOnly", .missingInput)
}
