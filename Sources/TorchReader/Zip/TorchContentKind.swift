import FusionCore

/// What a file is that may hold PyTorch weights, told by its content and never by its name.
public enum TorchContentKind: Sendable, Hashable, CaseIterable {
  /// A zip archive: what `torch.save` writes since PyTorch 1.6.
  case zipArchive
  /// Pickles one after the other, which start with PyTorch's own magic number: what `torch.save` wrote before.
  case legacyPickle
  /// A pickle without that number.
  case pickle
  /// A tar archive with the four records of the oldest versions of PyTorch.
  case torchTar
  /// Any other tar archive.
  case tar
  /// A zip archive with a TorchScript program.
  case torchScript
  /// A zip archive with an exported program (`.pt2`).
  case exportedProgram
  /// A zip archive of `torch.package`.
  case package
  /// A 7-Zip archive.
  case sevenZip
  /// A gzip stream.
  case gzip
  /// A zstd stream.
  case zstd
  /// An HDF5 file.
  case hdf5
  /// An ONNX model.
  case onnx
  /// A GGUF file.
  case gguf
  /// A safetensors file.
  case safetensors

  /// Bytes of a file that ``init(prefix:)`` looks at.
  public static let prefixByteCount = 512

  /// Tells a file by its first bytes; `nil` if they are of no kind that is known here.
  ///
  /// - Parameter prefix: the first ``prefixByteCount`` bytes, or all of a shorter file.
  public init?(prefix: UnsafeRawBufferPointer) {
    let bytes = Array(prefix.prefix(TorchContentKind.prefixByteCount))
    let magics: [(TorchContentKind, [UInt8])] = [
      (.sevenZip, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), (.gzip, [0x1F, 0x8B]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
      (.hdf5, [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]), (.gguf, Array("GGUF".utf8)),
    ]
    if ZipArchive.looksLikeZip(prefix) {
      self = .zipArchive
    } else if TorchContentKind.isSafetensors(bytes) {
      // Before pickles: the length of a header may begin as one does, but never go on as one.
      self = .safetensors
    } else if let kind = magics.first(where: { bytes.starts(with: $0.1) })?.0 {
      self = kind
    } else if let kind = TorchContentKind.pickle(bytes) ?? TorchContentKind.tar(bytes) {
      self = kind
    } else if TorchContentKind.isONNX(bytes) {
      self = .onnx
    } else {
      return nil
    }
  }

  /// Tells a special zip archive by the names in it; `nil` if it is none of those.
  ///
  /// - Parameter names: full names; the first part, which PyTorch names after the file, may be missing.
  init?(entryNames names: some Sequence<String>) {
    var isPackage = false
    var isExport = false
    for name in names {
      let path = name.firstIndex(of: "/").map { name[name.index(after: $0)...] } ?? name[...]
      for record in [path, name[...]] {
        if record == "constants.pkl" || record.hasPrefix("code/") || record == "model.json" {
          self = .torchScript
          return
        }
        isExport = isExport || record == "archive_format" || record == "serialized_exported_program.json"
        isPackage = isPackage || record == ".data/extern_modules" || record == ".data/python_version"
      }
    }
    if isExport {
      self = .exportedProgram
    } else if isPackage {
      self = .package
    } else {
      return nil
    }
  }

  /// The number that PyTorch puts first, as a pickle of protocol 2 or newer writes it: ten bytes, least first.
  private static let legacyMagic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

  private static func pickle(_ bytes: [UInt8]) -> TorchContentKind? {
    guard bytes.count > 2, bytes[0] == 0x80, (2...5).contains(bytes[1]) else { return nil }
    // From protocol 4 on, an opcode and a length of 8 bytes come before.
    let isFramed = bytes[2] == 0x95
    return bytes.dropFirst(isFramed ? 11 : 2).starts(with: legacyMagic) ? .legacyPickle : .pickle
  }

  private static func tar(_ bytes: [UInt8]) -> TorchContentKind? {
    guard bytes.dropFirst(257).starts(with: "ustar".utf8) else { return nil }
    let name = String(decoding: bytes.prefix(100).prefix { $0 != 0 }, as: UTF8.self)
    let records: Set = ["sys_info", "pickle", "tensors", "storages"]
    return records.contains(name) ? .torchTar : .tar
  }

  private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 8, bytes[8] == UInt8(ascii: "{") else { return false }
    let length = bytes[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    // The longest header that the format permits.
    return (2...100_000_000).contains(length)
  }

  /// ONNX has no magic number: a version in field 1, then as a rule the name of the program that wrote it in field 2.
  private static func isONNX(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 4, bytes[0] == 0x08, (1...32).contains(bytes[1]), bytes[2] == 0x12 else { return false }
    let name = bytes.dropFirst(4).prefix(Int(bytes[3]))
    return (1...64).contains(bytes[3]) && name.count == bytes[3] && name.allSatisfy { (0x20..<0x7F).contains($0) }
  }
}
