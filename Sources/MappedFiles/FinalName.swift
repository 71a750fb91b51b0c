import FusionCore
import Glibc

/// Giving a finished file its name without replacing another one, on every file system.
enum FinalName {
  /// Errors with which a file system says that it does not know a call, not that the call failed.
  static func isUnsupported(_ number: Int32) -> Bool {
    [EINVAL, ENOSYS, EOPNOTSUPP, ENOTSUP, EPERM, EMLINK].contains(number)
  }

  /// Renames a file to a name that must be free.
  ///
  /// In one step where the file system can, else by a second name, which cannot replace either. Where there are no second
  /// names, the folder is locked while it is made sure that the name is free: two runs of this program cannot
  /// replace each other's files, other programs are not kept from it.
  ///
  /// - Returns: 0, or -1 with the reason in `errno`, `EEXIST` if the name is taken.
  static func give(_ old: String, _ new: String) -> Int32 {
    if SystemCalls.renameToFreeName(old, new) == 0 { return 0 }
    guard isUnsupported(errno) else { return -1 }
    if SystemCalls.link(old, new) == 0 {
      _ = SystemCalls.unlink(old)
      return 0
    }
    guard isUnsupported(errno) else { return -1 }
    let folder = SystemCalls.open(OutputPath.folder(of: new), O_RDONLY | O_DIRECTORY)
    defer { if folder >= 0 { close(folder) } }
    if folder >= 0 { _ = SystemCalls.uninterrupted { flock(folder, LOCK_EX) } }
    guard SystemCalls.linkStatus(new) == nil, errno == ENOENT else {
      errno = EEXIST
      return -1
    }
    return SystemCalls.rename(old, new)
  }

  /// Makes the names in a file's folder durable.
  ///
  /// - Throws: `.writeFailed` if the disk refuses; a file system that cannot do this for folders is no error.
  static func syncFolder(of path: String) throws { try sync(folder: OutputPath.folder(of: path), for: path) }

  /// Makes the names in a folder durable.
  static func sync(folder path: String, for output: String) throws {
    let folder = SystemCalls.open(path, O_RDONLY | O_DIRECTORY)
    // A folder that may be written to but not read cannot be synced.
    guard folder >= 0 else { return }
    defer { close(folder) }
    guard SystemCalls.sync(folder) != 0, ![EINVAL, ENOSYS, EOPNOTSUPP, ENOTSUP, EBADF, EROFS].contains(errno) else {
      return
    }
    throw FusionError(
      .writeFailed, "the disk does not confirm the output's name", file: output, expected: "names on the disk",
      found: FusionError.systemMessage(errno), remedy: "check the disk and try again")
  }
}
