import FusionCore
import Glibc

extension AtomicFolder {
  /// Makes a folder inside, for files that are named `folder/file`.
  ///
  /// - Throws: `.cannotCreate`.
  public func makeFolder(named name: String) throws {
    guard mkdir(file(name), 0o777) == 0 else { throw cannotCreate(name) }
  }

  /// Writes a whole file inside without waiting for the disk; ``synchronize()`` waits for all of them at once.
  ///
  /// For thousands of small files, each of which would take longer to wait for than to make. May be called from several
  /// threads at once for different names.
  ///
  /// - Throws: `.cannotCreate`, `.writeFailed`, `.noSpace`.
  public func writeUnsynced(_ bytes: [UInt8], named name: String) throws {
    let descriptor = open(file(name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw cannotCreate(name) }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FusionError.writeFailed("\(path)/\(name)", at: done, errno: count < 0 ? errno : ENOSPC)
      }
      done += count
    }
  }

  /// Waits until everything that was written inside is on the disk.
  public func synchronize() {
    // The C library's call for one file system alone is not visible from Swift.
    sync()
  }

  private func cannotCreate(_ name: String) -> FusionError {
    FusionError(
      .cannotCreate, "cannot create the output", file: "\(path)/\(name)", expected: "a place where a file can be made",
      found: FusionError.systemMessage(errno), remedy: "check the folder's permissions")
  }
}
