import FusionCore

/// Ways in which a pickle can be wrong.
extension FusionError.Code {
  /// A pickle that costs more than this reader spends on one: bytes, values, opcodes, memory.
  public static let torchPickleTooLarge = Self("torch.pickleTooLarge")
  /// The data ends inside a pickle.
  public static let torchPickleTruncated = Self("torch.pickleTruncated")
  /// A byte that is no opcode of any protocol.
  public static let torchPickleUnknownOpcode = Self("torch.pickleUnknownOpcode")
  /// An opcode that pickles of weights never need.
  public static let torchPickleForbiddenOpcode = Self("torch.pickleForbiddenOpcode")
  /// A protocol that this reader does not know, or a second one in the middle.
  public static let torchPickleProtocol = Self("torch.pickleProtocol")
  /// A frame that disagrees with the opcodes in it.
  public static let torchPickleFrame = Self("torch.pickleFrame")
  /// An opcode needs values that are not on the stack, or STOP leaves some there.
  public static let torchPickleStack = Self("torch.pickleStack")
  /// A memo entry that was never stored.
  public static let torchPickleMemo = Self("torch.pickleMemo")
  /// A negative length.
  public static let torchPickleBadLength = Self("torch.pickleBadLength")
  /// Text that is not UTF-8, or a line that is not the number it should be.
  public static let torchPickleBadText = Self("torch.pickleBadText")
  /// Something is called that is no class or function, or with something that is no tuple.
  public static let torchPickleBadCall = Self("torch.pickleBadCall")
  /// Something is put into a value that takes nothing of the kind.
  public static let torchPickleBadTarget = Self("torch.pickleBadTarget")
  /// More data where a pickle should be the last thing.
  public static let torchPickleTrailingData = Self("torch.pickleTrailingData")
  /// A class or function that has no place in a file of weights.
  public static let torchForbiddenGlobal = Self("torch.forbiddenGlobal")
  /// A class or function that is known, and that this reader cannot turn into plain tensors.
  public static let torchUnsupportedGlobal = Self("torch.unsupportedGlobal")
}
