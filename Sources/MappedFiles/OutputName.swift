import FusionCore
import Glibc

/// The name that an output is to get.
public enum OutputName {
  /// Refuses a name that the output cannot get.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`.
  public static func check(_ path: String, replacing: Bool) throws {
    // A name that no file can have must not be found out after hours of work.
    if access(path, F_OK) != 0, errno != ENOENT {
      throw cannotCreate(path, FusionError.systemMessage(errno), "choose another name or folder")
    }
    guard let existing = FileIdentity(path: path) else { return }
    guard replacing else { throw exists(path) }
    guard existing.isRegularFile else {
      throw cannotCreate(path, "a folder or device of that name is there", "choose another name")
    }
  }

  /// Takes a name away from a file.
  ///
  /// - Throws: `.writeFailed`.
  public static func remove(_ path: String) throws {
    guard unlink(path) == 0 else { throw FusionError.writeFailed(path, at: 0, errno: errno) }
    syncFolder(of: path)
  }

  /// What a failed attempt to give the output its name means.
  static func error(_ path: String, _ number: Int32) -> FusionError {
    number == EEXIST
      ? exists(path) : cannotCreate(path, FusionError.systemMessage(number), "check the folder's permissions")
  }

  static func cannotCreate(_ path: String, _ found: String, _ remedy: String) -> FusionError {
    FusionError(
      .cannotCreate, "cannot create the output", file: path, expected: "a place where a file can be made",
      found: found, remedy: remedy)
  }

  /// Makes the names in a file's folder durable.
  static func syncFolder(of path: String) {
    let folder = open(AtomicFile.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Not every file system lets a folder be synced; the file itself is durable already.
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private static func exists(_ path: String) -> FusionError {
    FusionError(
      .outputExists, "the output exists already", file: path, expected: "a name that is free", found: "a file",
      remedy: "add --force to replace it, or choose another name")
  }
}
