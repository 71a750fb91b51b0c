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

  private let descriptor: Int32

  /// Opens a file, or makes it; no other process can until this object goes away.
  ///
  /// - Throws: `.cannotCreate`, `.outputInUse`.
  public init(path: String) throws {
    self.path = path
    var descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    wasThere = descriptor < 0
    if wasThere, errno == EEXIST { descriptor = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else {
      throw OutputName.cannotCreate(
        path, FusionError.systemMessage(errno), "check that the folder exists and that you may write there")
    }
    var isKept = false
    defer { if !isKept { close(descriptor) } }
    let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    let found = FusionError.systemMessage(errno)
    guard let identity = FileIdentity(descriptor: descriptor), identity.isRegularFile,
      let byteCount = Int(exactly: identity.byteCount)
    else { throw OutputName.cannotCreate(path, "a folder or device of that name is there", "choose another name") }
    // A process that has just ended may have taken away the file that was opened here.
    let isNamed = FileIdentity(path: path)?.isSameFile(as: identity) ?? false
    guard isLocked, isNamed else {
      throw FusionError(
        .outputInUse, "another process writes the output", file: path, expected: "a file that is not in use",
        found: isLocked ? "a file that was just taken away" : found,
        remedy: "wait for that process, or choose another output")
    }
    self.descriptor = descriptor
    self.byteCount = byteCount
    isKept = true
    if !wasThere { OutputName.syncFolder(of: path) }
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
    guard ftruncate(descriptor, off_t(offset)) == 0 else {
      throw FusionError.writeFailed(path, at: offset, errno: errno)
    }
    byteCount = offset
  }

  /// Writes bytes at the end and makes them durable.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func append(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { try DescriptorAccess.write($0, to: descriptor, at: byteCount, path) }
    guard fdatasync(descriptor) == 0 else { throw FusionError.writeFailed(path, at: byteCount, errno: errno) }
    byteCount += bytes.count
  }

  /// Takes the file away.
  public func remove() { unlink(path) }
}

extension FusionError.Code {
  /// Another process writes the same output.
  public static let outputInUse = Self("file.inUse", .cannotCreate)
}
