import FusionCore
import Glibc

/// What is in a folder.
public enum FolderContents {
  /// Names in a folder but for itself and its parent; empty if it cannot be read.
  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The ordinary files and the folders in a folder, links followed.
  ///
  /// - Throws: `.cannotOpen`.
  public static func kinds(in path: String) throws -> (files: [String], folderCount: Int) {
    guard let folder = opendir(path) else { throw FusionError.cannotOpen(path, errno: errno) }
    closedir(folder)
    let identities = names(in: path).compactMap { name in FileIdentity(path: "\(path)/\(name)").map { (name, $0) } }
    return (
      identities.filter(\.1.isRegularFile).map(\.0), identities.count { $0.1.isFolder }
    )
  }

  /// Removes a folder with everything in it; links are removed, not followed.
  static func remove(_ path: String) {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(path)
      return
    }
    for name in names(in: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }
}
