import FusionCore
import Glibc

extension AtomicFolder {
  /// Makes a folder inside, for files that are named `folder/file`.
  ///
  /// - Throws: `.cannotCreate`.
  public func makeFolder(named name: String) throws {
    guard SystemCalls.makeFolder(file(name)) == 0 else { throw cannotCreate(name) }
  }

  /// Writes a whole file inside without waiting for the disk; ``synchronize()`` waits for all of them at once.
  ///
  /// For thousands of small files, each of which would take longer to wait for than to make. May be called from several
  /// threads at once for different names.
  ///
  /// - Throws: `.cannotCreate`, `.writeFailed`, `.noSpace`.
  public func writeUnsynced(_ bytes: [UInt8], named name: String) throws {
    let descriptor = SystemCalls.open(file(name), O_WRONLY | O_CREAT | O_EXCL)
    guard descriptor >= 0 else { throw cannotCreate(name) }
    defer { close(descriptor) }
    try bytes.withUnsafeBytes { try DescriptorAccess.write($0, to: descriptor, at: 0, "\(path)/\(name)") }
  }

  /// Waits until everything that was written inside is on the disk.
  ///
  /// - Throws: `.writeFailed`, `.noSpace`.
  public func synchronize() throws {
    let folder = SystemCalls.open(file("."), O_RDONLY | O_DIRECTORY)
    defer { if folder >= 0 { close(folder) } }
    guard folder >= 0, SystemCalls.syncFileSystem(folder) == 0 else {
      throw FusionError.writeFailed(path, at: 0, errno: errno)
    }
  }

  private func cannotCreate(_ name: String) -> FusionError {
    OutputName.cannotCreate("\(path)/\(name)", errno, "check the folder's permissions")
  }
}
