import FusionCore

/// Ways in which the tensors of a PyTorch file can be wrong.
extension FusionError.Code {
  /// A storage's identifier is not what PyTorch writes.
  public static let torchMalformedStorage = Self("torch.malformedStorage")
  /// A storage's size disagrees with the bytes that are there.
  public static let torchStorageSize = Self("torch.storageSize")
  /// A storage is not in the file.
  public static let torchMissingStorage = Self("torch.missingStorage")
  /// A tensor's description is not what PyTorch writes.
  public static let torchMalformedTensor = Self("torch.malformedTensor")
  /// An element type that is known and not read.
  public static let torchUnsupportedType = Self("torch.unsupportedType")
  /// A kind of tensor that is known and not read.
  public static let torchUnsupportedTensor = Self("torch.unsupportedTensor")
  /// A tensor's offset, sizes and strides lead out of its storage.
  public static let torchViewOutOfBounds = Self("torch.viewOutOfBounds")
  /// Tensors use the same elements so often that they would take far more room than their file.
  public static let torchRepeatedView = Self("torch.repeatedView")
  /// Nothing in the file is a dictionary of tensors.
  public static let torchNoStateDict = Self("torch.noStateDict")
  /// Several dictionaries of tensors, and nothing says which one is meant.
  public static let torchAmbiguousStateDict = Self("torch.ambiguousStateDict")
  /// The chosen entry is not there or holds no tensors.
  public static let torchStateDictKey = Self("torch.stateDictKey", .usage)
  /// Two tensors of one name.
  public static let torchDuplicateTensor = Self("torch.duplicateTensor")
  /// A tensor name that could harm a terminal or a file system.
  public static let torchUnsafeName = Self("torch.unsafeName")
  /// More tensors than one file may have.
  public static let torchTooManyTensors = Self("torch.tooManyTensors")
  /// The file was written on a machine of the other byte order.
  public static let torchByteOrder = Self("torch.byteOrder")
  /// The file's version is not known.
  public static let torchVersion = Self("torch.version")
  /// A part that every file has is missing.
  public static let torchMissingRecord = Self("torch.missingRecord")
  /// A file of the kind from before version 1.6 is not what it should be.
  public static let torchLegacyMalformed = Self("torch.legacyMalformed")
  /// A pickle that is not a file of weights.
  public static let torchPlainPickle = Self("torch.plainPickle")
  /// Two files hold a tensor of one name.
  public static let torchTensorInTwoFiles = Self("torch.tensorInTwoFiles")
}
