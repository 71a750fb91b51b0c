import CheckpointLayout
import FusionCore
import MappedFiles

/// Folders as the programs of the Hugging Face hub leave them: the cache, and downloads that have stopped.
enum HubFolder {
  /// The folder of a model's files where a path names its folder in the cache of the Hugging Face hub, `models--org--name`:
  /// the snapshot that its `refs/main` names, or its only one.
  ///
  /// - Returns: the path itself if it is no such folder.
  /// - Throws: `.unfinishedDownload` if there is no snapshot.
  static func snapshot(of path: String) throws -> String {
    let snapshots = "\(path)/snapshots"
    guard FolderListing.lastComponent(of: path).hasPrefix("models--"), let folder = try FileIdentity(path: path),
      folder.isFolder, try FileIdentity(path: "\(path)/blobs") != nil || FileIdentity(path: snapshots) != nil
    else { return path }
    let names = try FileIdentity(path: snapshots) == nil ? [] : FolderContents.names(in: snapshots)
    let reference = "\(path)/refs/main"
    if try FileIdentity(path: reference) != nil {
      let text = String(decoding: try SideFile.read(reference, limit: 4096), as: UTF8.self)
      let name = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
      if names.contains(name) { return "\(snapshots)/\(name)" }
    }
    guard names.count != 1 else { return "\(snapshots)/\(names[0])" }
    throw FusionError(
      .unfinishedDownload, "the cache of the hub does not have the model", file: path, place: "snapshots",
      expected: "the snapshot that refs/main names, or one alone",
      found: names.isEmpty ? "none" : "\(names.count) others",
      remedy: names.isEmpty ? goOn : "name one of the snapshots")
  }

  /// Proves that no file of a folder is a link into a cache that does not have it.
  ///
  /// - Throws: `.unfinishedDownload`.
  static func refuseUnfinished(_ folder: String) throws {
    for name in try FolderContents.names(in: folder) where endings.contains(where: name.hasSuffix) {
      guard let target = try FolderContents.brokenLink("\(folder)/\(name)") else { continue }
      throw FusionError(
        .unfinishedDownload, "the download of the model is not finished", file: "\(folder)/\(name)",
        expected: "the file", found: "a link to \(target.escapedForTerminal), which is not there",
        remedy: goOn)
    }
  }

  /// Proves, where a folder has no weights, that no download of them has stopped on the way.
  ///
  /// - Throws: `.unfinishedDownload`.
  static func refuseStopped(_ folder: String) throws {
    let downloads = "\(folder)/.cache/huggingface/download"
    guard try FileIdentity(path: downloads)?.isFolder == true,
      let name = try FolderContents.names(in: downloads).first(where: { $0.hasSuffix(".incomplete") })
    else { return }
    throw FusionError(
      .unfinishedDownload, "the download of the model is not finished", file: folder, place: "\(downloads)/\(name)",
      expected: "weights", found: "a part of a file", remedy: goOn)
  }

  private static let goOn = "download again: hf download goes on where it stopped"

  /// Of files that belong to a model.
  private static let endings = [".safetensors", ".bin", ".json", ".model", ".pt", ".pth", ".txt", ".jinja"]
}

extension FusionError.Code {
  /// A folder has names of files that were not downloaded.
  public static let unfinishedDownload = Self("checkpoint.unfinishedDownload", .missingInput)
}
