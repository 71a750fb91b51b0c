import FusionCore
import Glibc

/// A file that grows at its end and that one process at a time has, for records that must outlive the process.
public final class AppendedFile {
  /// Path as given.
  public let path: String
  /// Whether the file was there before.
  public let wasThere: Bool
  /// Where the next bytes go.
  public private(set) var byteCount: Int

  /// Whether other processes are kept from it; where the file system has no locks, nobody is.
  public let isLocked: Bool

  private let descriptor: Int32

  /// Opens a file, or makes it; no other process can until this object goes away.
  ///
  /// - Parameters:
  ///   - given: path of the file.
  ///   - followsLinks: whether a link is followed; otherwise it is refused.
  /// - Throws: `.cannotCreate`, `.outputInUse`.
  public init(path given: String, followsLinks: Bool = false) throws {
    path = given
    let path = followsLinks ? try OutputPath(given).path : given
    var descriptor = SystemCalls.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
    wasThere = descriptor < 0
    if wasThere, errno == EEXIST { descriptor = SystemCalls.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK) }
    guard descriptor >= 0 else {
      throw OutputName.cannotCreate(
        path, errno, "check that the folder exists and that you may write there")
    }
    var isKept = false
    defer { if !isKept { close(descriptor) } }
    // Under the lock: whoever had it until now may have written.
    let lock = FileLock.take(descriptor)
    guard let identity = FileIdentity(descriptor: descriptor), identity.isRegularFile,
      let byteCount = Int(exactly: identity.byteCount)
    else { throw OutputName.cannotCreate(path, "a folder or device of that name is there", "choose another name") }
    // A process that has just ended may have taken away the file that was opened here.
    let isNamed = try FileIdentity(path: path)?.isSameFile(as: identity) ?? false
    guard lock != .elsewhere, isNamed else {
      throw FusionError(
        .outputInUse, "another process writes the output", file: path, expected: "a file that is not in use",
        found: isNamed ? "a file that another process has locked" : "a file that was just taken away",
        remedy: "wait for that process, or choose another output")
    }
    isLocked = lock == .taken
    self.descriptor = descriptor
    self.byteCount = byteCount
    isKept = true
    if !wasThere { try FinalName.syncFolder(of: path) }
  }

  deinit { close(descriptor) }

  /// All bytes.
  ///
  /// - Parameter limit: most bytes that such a file has.
  /// - Returns: `nil` if there are more.
  /// - Throws: `.readFailed`.
  public func read(limit: Int) throws -> [UInt8]? {
    guard byteCount <= limit else { return nil }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    try bytes.withUnsafeMutableBytes { try DescriptorAccess.read(from: descriptor, at: 0, into: $0, path) }
    return bytes
  }

  /// Cuts off what lies behind an offset.
  ///
  /// - Precondition: the file reaches that far.
  /// - Throws: `.writeFailed`.
  public func cut(to offset: Int) throws {
    precondition((0...byteCount).contains(offset), "cutting \(byteCount) bytes to \(offset)")
    guard offset < byteCount else { return }
    guard SystemCalls.truncate(descriptor, to: offset) == 0 else {
      throw FusionError.writeFailed(path, at: offset, errno: errno)
    }
    byteCount = offset
  }

  /// Writes bytes at the end.
  ///
  /// - Parameter isDurable: whether to wait until they are on the disk.
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func append(_ bytes: [UInt8], isDurable: Bool = true) throws {
    try bytes.withUnsafeBytes { try DescriptorAccess.write($0, to: descriptor, at: byteCount, path) }
    if isDurable { try sync(writtenByteCount: bytes.count) }
    byteCount += bytes.count
  }

  /// Waits until all bytes are on the disk.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func sync() throws { try sync(writtenByteCount: 0) }

  private func sync(writtenByteCount: Int) throws {
    guard SystemCalls.syncData(descriptor) == 0 else {
      throw FusionError.writeFailed(path, at: byteCount + writtenByteCount, errno: errno)
    }
  }

  /// Proves that the file still has its name.
  ///
  /// - Throws: `.writeFailed` if somebody has taken it away or given it to another file.
  public func checkName() throws {
    let named = try FileIdentity(path: path)
    guard let own = FileIdentity(descriptor: descriptor), named?.isSameFile(as: own) == true else {
      throw FusionError(
        .writeFailed, "the output was taken away while it was written", file: path, expected: "the file that was begun",
        found: named == nil ? "nothing" : "another file", remedy: "run the command again, and leave its output alone")
    }
  }

  /// Takes the file away.
  public func remove() { _ = SystemCalls.unlink(path) }
}

extension FusionError.Code {
  /// Another process writes the same output.
  public static let outputInUse = Self("file.inUse", .cannotCreate)
}
