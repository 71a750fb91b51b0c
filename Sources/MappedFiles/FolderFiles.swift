import FusionCore
import Glibc

/// Which files a command writes into its output folder, so that it never removes others.
public struct FolderFiles: Sendable {
  /// Whether a file of this name, with slashes for folders inside, is one of them.
  private let contains: @Sendable (String) -> Bool
  /// Names of folders inside.
  private let folders: Set<String>

  /// States the files.
  ///
  /// - Parameters:
  ///   - folders: names of folders inside.
  ///   - contains: whether a path inside is that of a file that the command writes.
  public init(folders: Set<String> = [], contains: @escaping @Sendable (String) -> Bool) {
    self.folders = folders
    self.contains = contains
  }

  /// What lies in a folder and is not from this command: other names, links, devices, folders in the place of files.
  ///
  /// - Throws: `.cannotOpen`, `.readFailed`.
  func strangers(in folder: String) throws -> [String] {
    try entries(in: folder).filter { !$0.isOurs }.map(\.name)
  }

  /// Removes this command's files from a folder, and the folder if nothing else is in it.
  ///
  /// - Returns: whether it is gone.
  func remove(_ folder: String) -> Bool {
    guard let entries = try? entries(in: folder) else { return false }
    for entry in entries where entry.isOurs && !folders.contains(entry.name) {
      _ = SystemCalls.unlink("\(folder)/\(entry.name)")
    }
    for name in folders { _ = SystemCalls.removeFolder("\(folder)/\(name)") }
    return SystemCalls.removeFolder(folder) == 0
  }

  private func entries(in folder: String, prefix: String = "") throws -> [(name: String, isOurs: Bool)] {
    try FolderContents.names(in: folder).flatMap { own -> [(name: String, isOurs: Bool)] in
      let name = prefix + own
      let kind = (SystemCalls.linkStatus("\(folder)/\(own)")?.st_mode ?? S_IFLNK) & S_IFMT
      if kind == S_IFDIR, prefix.isEmpty, folders.contains(own) {
        return try entries(in: "\(folder)/\(own)", prefix: "\(own)/") + [(name, true)]
      }
      // What lies in a staging folder that fills this one is this program's.
      if kind == S_IFDIR, prefix.isEmpty, TemporaryName.isOurs(own) { return [] }
      return [(name, kind == S_IFREG && contains(name))]
    }
  }
}
