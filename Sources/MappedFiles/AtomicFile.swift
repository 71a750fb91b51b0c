import FusionCore
import Glibc

/// A file that gets its name only when it is complete.
///
/// The bytes go to an unnamed file in the destination's folder where the file system can do that (so that even a
/// killed process leaves nothing), otherwise to a hidden sibling that is removed when this object goes away.
/// ``commit()`` makes them durable and gives them the name in one step. Not safe for use from two threads at once,
/// but for ``read(at:into:)``.
public final class AtomicFile: OutputFile {
  /// Where the file will be.
  public let path: String
  /// Bytes appended so far.
  public private(set) var byteCount = 0

  private let descriptor: Int32
  private let replacing: Bool
  /// Bytes that the disk was asked to write.
  private var requestedByteCount = 0
  /// Set while a named sibling exists.
  private var temporaryPath: String?

  /// Starts an output.
  ///
  /// - Parameters:
  ///   - path: the final name; its folder must exist.
  ///   - replacing: whether a file of that name may be replaced.
  /// - Throws: `.outputExists`, `.cannotCreate`.
  public init(path: String, replacing: Bool) throws {
    self.path = path
    self.replacing = replacing
    try OutputName.check(path, replacing: replacing)
    let folder = AtomicFile.folder(of: path)
    // Fixed mode bits, then the user's mask, as for any file a program creates.
    var descriptor = open(folder, AtomicFile.unnamedFlag | O_RDWR | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      let sibling = AtomicFile.siblingPath(of: path)
      descriptor = open(sibling, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw OutputName.cannotCreate(
          path, FusionError.systemMessage(errno),
          "check that the folder \(folder) exists and that you may write there")
      }
      temporaryPath = sibling
    }
    self.descriptor = descriptor
  }

  deinit {
    if let temporaryPath { unlink(temporaryPath) }
    close(descriptor)
  }

  /// Writes bytes after those written before.
  ///
  /// - Throws: `.noSpace` or `.writeFailed`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    try DescriptorAccess.write(bytes, to: descriptor, at: byteCount, path)
    byteCount += bytes.count
    requestWriting()
  }

  /// Writes over bytes that were written before.
  ///
  /// - Precondition: all of them were.
  /// - Throws: `.noSpace` or `.writeFailed`.
  public func overwrite(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    precondition(offset >= 0 && offset <= byteCount - bytes.count, "\(bytes.count) bytes at \(offset) of \(byteCount)")
    try DescriptorAccess.write(bytes, to: descriptor, at: offset, path)
  }

  /// Reads back what was written.
  ///
  /// - Throws: `.readFailed` if the file does not give all the bytes.
  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    try DescriptorAccess.read(from: descriptor, at: offset, into: buffer, path)
  }

  /// Makes the bytes durable and gives them their name; an existing file is replaced in one step.
  ///
  /// - Throws: `.outputExists` if a file of that name appeared meanwhile, `.writeFailed`, `.noSpace`.
  public func commit() throws {
    guard fsync(descriptor) == 0 else { throw FusionError.writeFailed(path, at: byteCount, errno: errno) }
    if temporaryPath == nil {
      let target = replacing ? AtomicFile.siblingPath(of: path) : path
      let source = "/proc/self/fd/\(descriptor)"
      guard linkat(AT_FDCWD, source, AT_FDCWD, target, AT_SYMLINK_FOLLOW) == 0 else {
        throw OutputName.error(path, errno)
      }
      if !replacing { return OutputName.syncFolder(of: path) }
      temporaryPath = target
    }
    guard let named = temporaryPath else { return }
    if replacing {
      guard rename(named, path) == 0 else { throw OutputName.error(path, errno) }
    } else {
      // A link refuses to replace; rename would not.
      guard link(named, path) == 0 else { throw OutputName.error(path, errno) }
      unlink(named)
    }
    temporaryPath = nil
    OutputName.syncFolder(of: path)
  }

  /// Has the disk begin with what was appended, so that little is left to wait for at the end.
  private func requestWriting() {
    guard byteCount - requestedByteCount >= Self.requestByteCount else { return }
    // Advice only: a file system that cannot do this writes everything at the end.
    _ = Self.syncFileRange?(
      descriptor, Int64(requestedByteCount), Int64(byteCount - requestedByteCount), Self.beginWriting)
    requestedByteCount = byteCount
  }

  /// Enough for one long write, and little against a second's writing.
  private static let requestByteCount = 32 << 20
  /// `SYNC_FILE_RANGE_WRITE`: begins to write what is not being written, and does not wait for its end.
  private static let beginWriting: UInt32 = 2
  /// `sync_file_range`, which Linux has and Swift does not import.
  private static let syncFileRange = dlsym(nil, "sync_file_range").map {
    unsafeBitCast($0, to: (@convention(c) (Int32, Int64, Int64, UInt32) -> Int32).self)
  }

  /// `O_TMPFILE`, whose macro Swift does not import.
  private static let unnamedFlag: Int32 = 0o20000000 | O_DIRECTORY

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func siblingPath(of path: String) -> String {
    // Short whatever the final name: that one may be as long as the file system allows.
    "\(folder(of: path))/.fusion-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).partial"
  }
}
