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
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// The state of a path, following links; `nil` if there is nothing.
  public init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    byteCount = Int64(status.st_size)
    seconds = Int(status.st_mtim.tv_sec)
    nanoseconds = Int(status.st_mtim.tv_nsec)
    mode = UInt32(status.st_mode)
  }

  /// Whether both are the same file, whatever happened to its content.
  public func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }

  /// Whether this is an ordinary file.
  public var isRegularFile: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }

  /// Whether this is a folder.
  public var isFolder: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }

  var summary: String { "\(byteCount) bytes, changed at \(seconds).\(nanoseconds)" }
}
