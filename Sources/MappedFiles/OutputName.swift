import FusionCore
import Glibc

/// The name that an output is to get.
public enum OutputName {
  /// Refuses a name that the output cannot get.
  ///
  /// - Throws: `.outputExists`, `.cannotCreate`.
  public static func check(_ path: String, replacing: Bool) throws { _ = try checked(path, replacing: replacing) }

  /// The place that a name of a file stands for.
  static func checked(_ path: String, replacing: Bool) throws -> OutputPath {
    let target = try OutputPath(path)
    guard let existing = target.existing else {
      guard path.utf8.last != UInt8(ascii: "/") else {
        throw cannotCreate(path, "the name of a folder", "leave out the slash at the end")
      }
      return target
    }
    guard existing.isRegularFile else {
      throw cannotCreate(
        path, existing.isFolder ? "a folder of that name is there" : "a device, pipe or socket of that name is there",
        "choose another name")
    }
    guard replacing else { throw exists(path) }
    return target
  }

  /// Takes a name away from a file.
  ///
  /// - Throws: `.writeFailed`.
  public static func remove(_ path: String) throws {
    guard SystemCalls.unlink(path) == 0 else { throw FusionError.writeFailed(path, at: 0, errno: errno) }
    try FinalName.syncFolder(of: path)
  }

  /// What a failed attempt to give the output its name means.
  static func error(_ path: String, _ number: Int32) -> FusionError {
    switch number {
    case EEXIST: exists(path)
    default: cannotCreate(path, number, "check the folder's permissions")
    }
  }

  /// A file or name that the system refuses: the machine's fault, or else one of the place.
  static func cannotCreate(
    _ path: String, _ number: Int32, _ remedy: String, summary: String = "cannot create the output",
    expected: String = "a place where a file can be made"
  ) -> FusionError {
    switch number {
    case EIO, ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM: FusionError.writeFailed(path, at: 0, errno: number)
    default:
      FusionError(
        .cannotCreate, summary, file: path, expected: expected, found: FusionError.systemMessage(number), remedy: remedy
      )
    }
  }

  static func cannotCreate(_ path: String, _ found: String, _ remedy: String) -> FusionError {
    FusionError(
      .cannotCreate, "cannot create the output", file: path, expected: "a place where a file can be made",
      found: found, remedy: remedy)
  }

  /// Makes the name of an output durable; a new one is taken back if the disk refuses, so that what is told to have failed
  /// is not there.
  ///
  /// - Throws: `.writeFailed`.
  static func syncFolder(of target: OutputPath, isNew: Bool) throws {
    do {
      try FinalName.syncFolder(of: target.path)
    } catch {
      if isNew { _ = SystemCalls.unlink(target.path) }
      throw error
    }
  }

  private static func exists(_ path: String) -> FusionError {
    FusionError(
      .outputExists, "the output exists already", file: path, expected: "a name that is free", found: "a file",
      remedy: "add --force to replace it, or choose another name")
  }
}
