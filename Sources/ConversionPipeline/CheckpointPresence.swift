import CheckpointLayout
import FusionCore
import MappedFiles

/// Whether a folder has weight files of one format, told from their names.
struct CheckpointPresence {
  /// Names that may be weights, in bytewise order.
  let names: [String]
  /// Whether there is an index, of which no file needs to be there.
  let hasIndex: Bool

  /// - Throws: `.cannotOpen`.
  init(folder path: String, naming: WeightFileNaming) throws {
    let contents = try FolderContents.kinds(in: path)
    let listing = FolderListing(path: path, files: contents.files, folderCount: contents.folderCount)
    names = listing.files.filter { naming.hasSuffix($0) && !naming.isCompanion($0) }
    hasIndex = listing.files.contains(naming.indexName)
  }

  /// Every file of a folder that has an ending of PyTorch files, companions of the weights too.
  ///
  /// - Throws: `.cannotOpen`.
  static func torchNames(inFolder path: String) throws -> [String] {
    try FolderContents.kinds(in: path).files.filter(WeightFileNaming.torch.hasSuffix)
  }

  var hasWeights: Bool { !names.isEmpty }

  var summary: String {
    let shown = names.prefix(3).map(\.escapedForTerminal).joined(separator: ", ")
    return shown + (names.count > 3 ? " and \(names.count - 3) more" : "")
  }
}
