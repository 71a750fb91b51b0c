import CheckpointLayout
import ContainerFormat
import FusionCore
import MappedFiles

/// Tells what a path names.
public enum ModelPath {
  /// Whether the path is a container: a file that begins with the container's magic, or is named like one.
  ///
  /// - Throws: `.cannotOpen` if there is nothing.
  public static func isContainer(_ path: String) throws -> Bool {
    guard let identity = try FileIdentity(path: path) else { throw absent(path) }
    guard identity.isRegularFile else { return false }
    if path.hasSuffix(".fusion") { return true }
    return try ContainerReader.recognizes(path)
  }

  /// A path that leads nowhere; one of the form of a name on the Hugging Face hub is told so.
  static func absent(_ path: String) -> FusionError {
    var error = FusionError.cannotOpen(path, errno: 2)
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isName =
      parts.count == 2
      && parts.allSatisfy { part in
        guard let first = part.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "~") else { return false }
        return part.unicodeScalars.allSatisfy {
          $0.isASCII && ($0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0))
        }
      }
    let isFile = [".fusion", ".safetensors", ".bin", ".pt", ".pth", ".gguf", ".json"].contains(where: path.hasSuffix)
    guard isName, !isFile, (try? FileIdentity(path: String(parts[0]))) == nil else { return error }
    error.remedy =
      "if that is a model on the Hugging Face hub: hf download \(path) --local-dir \(parts[1]), then name the folder"
    return error
  }

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
      remedy: names.isEmpty ? "download again: hf download goes on where it stopped" : "name one of the snapshots")
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
        remedy: "download again: hf download goes on where it stopped")
    }
  }

  /// Of files that belong to a model.
  private static let endings = [".safetensors", ".bin", ".json", ".model", ".pt", ".pth", ".txt", ".jinja"]
}

extension FusionError.Code {
  /// A folder has names of files that were not downloaded.
  public static let unfinishedDownload = Self("checkpoint.unfinishedDownload", .missingInput)
}
