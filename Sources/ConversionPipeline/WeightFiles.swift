import CheckpointLayout
import FusionCore
import MappedFiles
import SafetensorsReader
import TorchReader

/// Opens weights of any format that is known.
enum WeightFiles {
  /// Opens a folder or a file; a file's content decides about its format, never its name.
  ///
  /// - Parameter stateDictKey: which entry of a PyTorch file holds the weights; `nil` finds it.
  /// - Throws: what the format's reader throws; `.stateDictKeyNotTorch` for a key with another format.
  static func open(_ path: String, stateDictKey: String? = nil) throws -> any WeightSource {
    try withoutWrapperParts(try openAsNamed(path, stateDictKey), path)
  }

  /// What programs that spread or compile modules leave inside of names, in front of those of the wrapped modules.
  private static let wrapperParts: Set<Substring> = [
    "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_orig_mod", "_forward_module",
  ]

  private static func hasUnderscoredPart(_ name: String) -> Bool {
    var last = UInt8(ascii: ".")
    for byte in name.utf8 {
      if byte == UInt8(ascii: "_"), last == UInt8(ascii: ".") { return true }
      last = byte
    }
    return false
  }

  /// - Throws: `.assemblyDuplicateTensor` if two names are one without these parts.
  private static func withoutWrapperParts(_ source: any WeightSource, _ path: String) throws -> any WeightSource {
    // Most names have no part that begins like one; taking them apart would cost more than reading the header.
    guard source.tensors.contains(where: { hasUnderscoredPart($0.name) }) else { return source }
    var found: Set<Substring> = []
    let renamed = source.tensors.map { tensor in
      let parts = tensor.name.split(separator: ".", omittingEmptySubsequences: false)
      let wrappers = parts.filter(wrapperParts.contains)
      found.formUnion(wrappers)
      let name =
        wrappers.isEmpty ? tensor.name : parts.filter { !wrapperParts.contains($0) }.joined(separator: ".")
      return (name: name, tensor: tensor)
    }
    guard !found.isEmpty else { return source }
    let plain = try AssembledSource(
      parts: [AssembledSource.Part(source: source, folder: "", tensors: renamed)], path: path)
    return NoticedSource(
      plain, notice: "parts of names that wrappers leave were left out: \(found.sorted().joined(separator: ", "))")
  }

  private static func openAsNamed(_ path: String, _ stateDictKey: String?) throws -> any WeightSource {
    guard let identity = try FileIdentity(path: path) else { throw ModelPath.absent(path) }
    guard identity.isFolder else {
      let file = try MappedFile(path: path)
      let kind = try TorchContentKind.of(file)
      let isNamedTorch = WeightFileNaming.torch.hasSuffix(path)
      if kind == .safetensors || (kind == nil && !isNamedTorch) || (kind?.refusal != nil && !isNamedTorch) {
        return try openSafetensors(path, stateDictKey)
      }
      return try TorchCheckpoint(path: path, stateDictKey: stateDictKey)
    }
    try HubFolder.refuseUnfinished(path)
    let safetensors = try CheckpointPresence(folder: path, naming: .safetensors)
    let torch = try CheckpointPresence(folder: path, naming: .torch)
    if !safetensors.hasWeights, !torch.hasWeights { try HubFolder.refuseStopped(path) }
    if safetensors.hasWeights || !torch.hasWeights {
      let source = try openSafetensors(path, stateDictKey)
      guard torch.hasWeights else { return source }
      return NoticedSource(
        source, notice: "the folder holds PyTorch files, too (\(torch.summary)); the safetensors files are read")
    }
    let source = try TorchCheckpoint(path: path, stateDictKey: stateDictKey)
    guard safetensors.hasIndex else { return source }
    return NoticedSource(
      source, notice: "\(WeightFileNaming.safetensors.indexName) is there without its files; the PyTorch files are read"
    )
  }

  private static func openSafetensors(_ path: String, _ stateDictKey: String?) throws -> any WeightSource {
    if let stateDictKey {
      throw FusionError(
        .stateDictKeyNotTorch, "--state-dict-key is for PyTorch files", file: path, place: stateDictKey,
        expected: "a PyTorch file, which can hold several dictionaries", found: "safetensors weights",
        remedy: "leave the option out")
    }
    return try SafetensorsCheckpoint(path: path)
  }
}

extension FusionError.Code {
  /// A key was given for weights that have none.
  public static let stateDictKeyNotTorch = Self("checkpoint.stateDictKeyNotTorch", .usage)
}
