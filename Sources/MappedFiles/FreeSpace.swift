import FusionCore
import Glibc

/// Room on the disk that a path is on.
public enum FreeSpace {
  /// Bytes that this user may still write to the file system of a folder; `nil` if the system does not say.
  public static func byteCount(inFolderOf path: String) -> Int? {
    var status = statvfs()
    let folder = OutputPath.folder(of: (try? OutputPath(path))?.path ?? path)
    guard folder.withPathBytes({ statvfs($0, &status) }) == 0 else { return nil }
    return CheckedArithmetic.product(Int(clamping: status.f_bavail), Int(clamping: status.f_frsize))
  }

  /// Refuses an output that cannot fit, before any of it is written.
  ///
  /// - Throws: `.noSpace`.
  public static func require(_ byteCount: Int, for path: String) throws {
    guard let free = self.byteCount(inFolderOf: path), free < byteCount else { return }
    throw FusionError(
      .noSpace, "not enough free space for the output", file: path, expected: "\(byteCount) bytes free",
      found: "\(free) bytes free", remedy: "free space on that disk, or write to another one")
  }
}
