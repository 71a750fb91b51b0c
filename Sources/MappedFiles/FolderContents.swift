import FusionCore
import Glibc

/// What is in a folder.
public enum FolderContents {
  /// Names in a folder but for itself and its parent, sorted.
  ///
  /// - Throws: `.cannotOpen`; `.readFailed` if the system stops in between, so that names would be missing.
  public static func names(in path: String) throws -> [String] {
    guard let folder = path.withPathBytes({ path in open(path) }) else {
      throw FusionError.cannotOpen(path, errno: errno)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(folder) else {
        if errno == EINTR { continue }
        guard errno == 0 else {
          throw FusionError(
            .readFailed, "cannot list a folder", file: path, expected: "all its names",
            found: FusionError.systemMessage(errno), remedy: "check the disk, or copy the folder to another one")
        }
        break
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(pathBytes: $0.prefix { $0 != 0 }) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func open(_ path: UnsafePointer<CChar>) -> OpaquePointer? {
    while true {
      let folder = opendir(path)
      if folder != nil || errno != EINTR { return folder }
    }
  }

  /// The ordinary files and the folders in a folder, links followed.
  ///
  /// - Throws: `.cannotOpen`, `.readFailed`.
  public static func kinds(in path: String) throws -> (files: [String], folderCount: Int) {
    var files: [String] = []
    var folderCount = 0
    for name in try names(in: path) {
      guard let identity = try followed("\(path)/\(name)") else { continue }
      if identity.isRegularFile { files.append(name) }
      if identity.isFolder { folderCount += 1 }
    }
    return (files, folderCount)
  }

  /// Where a link leads that leads nowhere.
  ///
  /// - Returns: `nil` for everything else.
  /// - Throws: `.cannotOpen` if the system does not say.
  public static func brokenLink(_ path: String) throws -> String? {
    guard let status = SystemCalls.linkStatus(path), status.st_mode & S_IFMT == S_IFLNK else { return nil }
    guard try followed(path) == nil else { return nil }
    return SystemCalls.linkTarget(path) ?? "nowhere"
  }

  /// A link that leads nowhere, or in a circle, is no file.
  private static func followed(_ path: String) throws -> FileIdentity? {
    if let status = SystemCalls.status(path) { return FileIdentity(status) }
    guard [ENOENT, ENOTDIR, ELOOP].contains(errno) else { throw FusionError.cannotOpen(path, errno: errno) }
    return nil
  }

  /// Removes a folder with everything in it; links are removed, not followed. Only for what this program made.
  static func remove(_ path: String) {
    guard let status = SystemCalls.linkStatus(path) else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      _ = SystemCalls.unlink(path)
      return
    }
    for name in (try? names(in: path)) ?? [] { remove("\(path)/\(name)") }
    _ = SystemCalls.removeFolder(path)
  }
}
