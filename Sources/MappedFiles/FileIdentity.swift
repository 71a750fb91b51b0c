import FusionCore
import Glibc

/// What tells one state of a file from another: device, inode, size and time of the last change.
public struct FileIdentity: Sendable, Equatable {
  let device: UInt
  let inode: UInt
  /// Size in bytes.
  public let byteCount: Int64
  let seconds: Int
  let nanoseconds: Int
  private let mode: UInt32

  /// The state of an open file; `nil` if the system does not say (`errno` tells why).
  public init?(descriptor: Int32) {
    var status = stat()
    guard SystemCalls.uninterrupted({ fstat(descriptor, &status) }) == 0 else { return nil }
    self.init(status)
  }

  /// The state of a path, following links; `nil` if there is nothing.
  ///
  /// - Throws: `.cannotOpen` if there may be something and the system does not say: a folder that may not be searched, a
  ///   device that fails. What cannot be seen is not taken for absent.
  public init?(path: String) throws {
    guard let status = SystemCalls.status(path) else {
      // A name that is longer than the file system allows is nobody's.
      guard [ENOENT, ENOTDIR, ENAMETOOLONG].contains(errno) else { throw FusionError.cannotOpen(path, errno: errno) }
      return nil
    }
    self.init(status)
  }

  init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    byteCount = Int64(status.st_size)
    seconds = Int(status.st_mtim.tv_sec)
    nanoseconds = Int(status.st_mtim.tv_nsec)
    mode = UInt32(status.st_mode)
  }

  /// Whether both are the same file, whatever happened to its content.
  public func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }

  /// What all names of a file share, for sets of files.
  struct FileNumber: Hashable {
    let device: UInt
    let inode: UInt
  }

  var fileNumber: FileNumber { FileNumber(device: device, inode: inode) }

  /// Whether this is an ordinary file.
  public var isRegularFile: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }

  /// Whether this is a folder.
  public var isFolder: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }

  /// Who may do what with it.
  var permissions: mode_t { mode_t(mode & 0o7777) }

  var summary: String { "\(byteCount) bytes, changed at \(seconds).\(nanoseconds)" }
}
