import FusionCore
import Glibc

/// A folder that gets its name only when everything in it is complete.
///
/// Files go to a hidden sibling folder, which ``commit()`` renames. If the object goes away before that, the sibling is
/// removed; what a killed process left behind is removed by the next one that makes the same folder.
public final class AtomicFolder {
  /// Where the folder will be, without a slash at the end.
  public let path: String
  private let replacing: Bool
  private let temporaryPath: String
  private var isCommitted = false

  /// Starts an output folder.
  ///
  /// - Parameters:
  ///   - path: the final name; its parent folder must exist.
  ///   - replacing: whether a folder of that name may be replaced, with all that is in it. An empty one always may.
  /// - Throws: `.outputExists`, `.cannotCreate`.
  public init(path: String, replacing: Bool) throws {
    var trimmed = path
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    self.path = trimmed
    self.replacing = replacing
    if let existing = FileIdentity(path: trimmed) {
      guard existing.isFolder else {
        throw FusionError(
          .outputExists, "the output exists already", file: trimmed, expected: "a folder, or a name that is free",
          found: "a file", remedy: "choose another name")
      }
      guard replacing || FolderContents.names(in: trimmed).isEmpty else {
        throw FusionError(
          .outputExists, "the output folder exists and is not empty", file: trimmed, expected: "a name that is free",
          found: "a folder with files", remedy: "add --force to replace it, or choose another name")
      }
    }
    let parent = AtomicFile.folder(of: trimmed)
    let name = trimmed.split(separator: "/").last.map(String.init) ?? "output"
    AtomicFolder.removeAbandoned(named: name, in: parent)
    temporaryPath = "\(parent)/.\(name).\(getpid()).partial"
    guard mkdir(temporaryPath, 0o777) == 0 else {
      throw FusionError(
        .cannotCreate, "cannot create the output", file: trimmed, expected: "a place where a folder can be made",
        found: FusionError.systemMessage(errno), remedy: "check that \(parent) exists and that you may write there")
    }
  }

  deinit { if !isCommitted { FolderContents.remove(temporaryPath) } }

  /// Path of a file inside, to be written before ``commit()``.
  public func file(_ name: String) -> String { "\(temporaryPath)/\(name)" }

  /// Writes a whole file inside.
  ///
  /// - Throws: `.cannotCreate`, `.writeFailed`, `.noSpace`.
  public func write(_ bytes: [UInt8], named name: String) throws {
    let output = try AtomicFile(path: file(name), replacing: false)
    try output.append(bytes)
    try output.commit()
  }

  /// Gives the folder its name.
  ///
  /// - Throws: `.cannotCreate`.
  public func commit() throws {
    if FileIdentity(path: path) != nil {
      let empty = FolderContents.names(in: path).isEmpty
      if replacing || empty { FolderContents.remove(path) }
    }
    guard rename(temporaryPath, path) == 0 else {
      throw FusionError(
        .cannotCreate, "cannot give the output its name", file: path, expected: "a name that is free",
        found: FusionError.systemMessage(errno), remedy: "choose another name")
    }
    isCommitted = true
  }

  /// Removes hidden siblings whose process is gone.
  private static func removeAbandoned(named name: String, in parent: String) {
    for entry in FolderContents.names(in: parent) where entry.hasPrefix(".\(name).") && entry.hasSuffix(".partial") {
      let number = entry.dropFirst(name.utf8.count + 2).dropLast(".partial".count)
      guard let process = pid_t(number), kill(process, 0) != 0, errno == ESRCH else { continue }
      FolderContents.remove("\(parent)/\(entry)")
    }
  }
}
