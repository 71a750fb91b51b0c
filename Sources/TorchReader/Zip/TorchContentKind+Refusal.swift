import FusionCore

extension TorchContentKind {
  /// The error for a kind whose weights are not read, without a file's name; `nil` for those that are.
  public var refusal: FusionError? {
    switch self {
    case .zipArchive, .legacyPickle, .pickle: nil
    case .torchTar:
      refusal(
        .torchTarArchive, "a tar archive of an early version of PyTorch",
        "load the file with a current PyTorch and save it again with torch.save")
    case .tar: refusal(.torchTarArchive, "a tar archive", "unpack it, and name the weights or the folder in it")
    case .torchScript:
      refusal(
        .torchScriptArchive, "a TorchScript archive, which is a program",
        "save its weights in Python: torch.save(torch.jit.load(\"model.pt\").state_dict(), \"weights.pt\")")
    case .exportedProgram:
      refusal(
        .torchExportedProgram, "an exported program (.pt2)",
        "save its weights in Python: torch.save(torch.export.load(\"model.pt2\").state_dict, \"weights.pt\")")
    case .package:
      refusal(
        .torchPackage, "a package of torch.package, which holds Python code",
        "load the model with torch.package and save its weights: torch.save(model.state_dict(), \"weights.pt\")")
    case .sevenZip: refusal(.torchForeignFormat, "a 7-Zip archive", "unpack it first")
    case .gzip: refusal(.torchForeignFormat, "a gzip stream", "unpack it first")
    case .zstd: refusal(.torchForeignFormat, "a zstd stream", "unpack it first")
    case .hdf5:
      refusal(.torchForeignFormat, "an HDF5 file", "give the checkpoint in safetensors, or as torch.save writes it")
    case .onnx: refusal(.torchForeignFormat, "an ONNX model", "give the checkpoint that it was exported from")
    case .gguf: refusal(.torchForeignFormat, "a GGUF file", "give the checkpoint that it was made from")
    case .safetensors:
      refusal(.torchForeignFormat, "a safetensors file under another name", "give the file a name in .safetensors")
    }
  }

  private func refusal(_ code: FusionError.Code, _ found: String, _ remedy: String) -> FusionError {
    FusionError(
      code, "the file does not hold weights as torch.save writes them", place: "the start of the file",
      expected: "a state dict saved with torch.save", found: found, remedy: remedy)
  }
}
