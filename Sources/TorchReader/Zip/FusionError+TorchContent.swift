import FusionCore

/// Files that are not weights as `torch.save` writes them.
extension FusionError.Code {
  /// A tar archive, as PyTorch wrote before its version 0.1.10 or as other programs do.
  public static let torchTarArchive = Self("torch.tarArchive")
  /// A TorchScript archive, which holds a program.
  public static let torchScriptArchive = Self("torch.scriptArchive")
  /// An exported program (`.pt2`).
  public static let torchExportedProgram = Self("torch.exportedProgram")
  /// A package of `torch.package`, which holds Python code.
  public static let torchPackage = Self("torch.package")
  /// A file of another recognised kind.
  public static let torchForeignFormat = Self("torch.foreignFormat")
}
