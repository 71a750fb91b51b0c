import CheckpointLayout
import FusionCore
import MappedFiles

extension TorchContentKind {
  /// Tells a file by its content.
  ///
  /// - Returns: `nil` if it is of no kind that is known here.
  /// - Throws: `.changedWhileReading`.
  public static func of(_ file: MappedFile) throws -> TorchContentKind? {
    try file.withBytes(in: 0..<min(prefixByteCount, file.byteCount)) { TorchContentKind(prefix: $0) }
  }

  /// Proves that a file is one of the two kinds that are read.
  ///
  /// - Throws: the refusal of another kind; `.torchForeignFormat`, `.torchPlainPickle`; what the pickle names that
  ///   no file of weights may name.
  static func check(_ file: MappedFile) throws -> TorchContentKind {
    guard let kind = try of(file) else {
      throw try file.withBytes(in: 0..<file.byteCount) { bytes in
        MissingDownload.recognise(bytes, codePrefix: WeightFileNaming.torch.codePrefix)
          ?? FusionError(
            .torchForeignFormat, "the file does not hold weights as torch.save writes them", place: "offset 0",
            expected: "a zip archive, or the pickles of PyTorch before version 1.6",
            found: bytes.isEmpty ? "an empty file" : "bytes of no kind that is known here",
            remedy: "download the file again, or name the file that holds the weights")
      }
    }
    if let refusal = kind.refusal { throw refusal }
    if kind == .pickle {
      let document = try file.withBytes(in: 0..<file.byteCount) {
        try PickleDocument(reading: $0, mayHaveMoreData: false)
      }
      throw FusionError(
        .torchPlainPickle, "the file is a pickle that torch.save did not write", place: "offset 0",
        expected: "a zip archive, or the pickles of PyTorch before version 1.6",
        found: "a pickle of \(document[document.root].phrase)",
        remedy: "load it in Python and save the weights with torch.save")
    }
    return kind
  }
}
