import FusionCore
import MappedFiles

/// What the parts of a PyTorch file have in common, whichever container they lie in.
struct TorchRecords {
  let document: PickleDocument
  /// Finds a storage's bytes, proven to be as many as the pickle says.
  let locate: TorchStorageTable.Locate
  let checks: EntryChecks?
  /// Keys of all storages of the file.
  let storageKeys: [String]
  /// Whether the bytes of storages can be held against sums.
  let hasChecksums: Bool

  /// Says what is in the file and belongs to no tensor of any kind.
  func notices(using storages: [TorchStorage]) -> [String] {
    let unused = storageKeys.count - storages.count
    var notices = unused > 0 ? ["\(unused) storage\(unused == 1 ? "" : "s") of the file belong to no tensor"] : []
    if !hasChecksums { notices.append("the file was written without checksums: damage to its weights cannot be seen") }
    return notices
  }

  static let remedy = "the file is damaged or was made to mislead: download it again from its author"
}
