import FusionCore
import Glibc

/// A file that gets its name only when it is complete.
///
/// The bytes go to an unnamed file in the destination's folder where the file system can do that (so that even a
/// killed process leaves nothing), otherwise to a hidden sibling that is removed when this object goes away.
/// ``commit()`` makes them durable and gives them the name in one step. Not safe for use from two threads at once,
/// but for ``read(at:into:)``.
public final class AtomicFile {
  /// Where the file will be.
  public let path: String
  /// Bytes appended so far.
  public private(set) var byteCount = 0

  private let descriptor: Int32
  private let replacing: Bool
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
    // A name that no file can have must not be found out after hours of work.
    if access(path, F_OK) != 0, errno != ENOENT {
      throw AtomicFile.cannotCreate(path, FusionError.systemMessage(errno), "choose another name or folder")
    }
    if let existing = FileIdentity(path: path) {
      guard replacing else { throw AtomicFile.exists(path) }
      guard existing.isRegularFile else {
        throw AtomicFile.cannotCreate(path, "a folder or device of that name is there", "choose another name")
      }
    }
    let folder = AtomicFile.folder(of: path)
    // Fixed mode bits, then the user's mask, as for any file a program creates.
    var descriptor = open(folder, AtomicFile.unnamedFlag | O_RDWR | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      let sibling = AtomicFile.siblingPath(of: path)
      descriptor = open(sibling, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw AtomicFile.cannotCreate(
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
    try write(bytes, at: byteCount)
    byteCount += bytes.count
  }

  /// Writes an array after the bytes written before.
  public func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }

  /// Writes over bytes that were written before.
  ///
  /// - Precondition: all of them were.
  /// - Throws: `.noSpace` or `.writeFailed`.
  public func overwrite(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    precondition(offset >= 0 && offset <= byteCount - bytes.count, "\(bytes.count) bytes at \(offset) of \(byteCount)")
    try write(bytes, at: offset)
  }

  /// Reads back what was written.
  ///
  /// - Throws: `.readFailed` if the file does not give all the bytes.
  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < buffer.count, let base = buffer.baseAddress {
      let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FusionError(
          .readFailed, "cannot read back the output", file: path, place: "offset \(offset + done)",
          expected: "\(buffer.count - done) more bytes",
          found: count < 0 ? FusionError.systemMessage(errno) : "end of file", remedy: "check the disk")
      }
      done += count
    }
  }

  /// Makes the bytes durable and gives them their name; an existing file is replaced in one step.
  ///
  /// - Throws: `.outputExists` if a file of that name appeared meanwhile, `.writeFailed`, `.noSpace`.
  public func commit() throws {
    guard fsync(descriptor) == 0 else { throw FusionError.writeFailed(path, at: byteCount, errno: errno) }
    if temporaryPath == nil {
      let target = replacing ? AtomicFile.siblingPath(of: path) : path
      let source = "/proc/self/fd/\(descriptor)"
      guard linkat(AT_FDCWD, source, AT_FDCWD, target, AT_SYMLINK_FOLLOW) == 0 else { throw nameError(errno) }
      if !replacing { return try syncFolder() }
      temporaryPath = target
    }
    guard let named = temporaryPath else { return }
    if replacing {
      guard rename(named, path) == 0 else { throw nameError(errno) }
    } else {
      // A link refuses to replace; rename would not.
      guard link(named, path) == 0 else { throw nameError(errno) }
      unlink(named)
    }
    temporaryPath = nil
    try syncFolder()
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var done = 0
    while done < bytes.count, let base = bytes.baseAddress {
      let count = pwrite(descriptor, base + done, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FusionError.writeFailed(path, at: offset + done, errno: count < 0 ? errno : ENOSPC)
      }
      done += count
    }
  }

  private func nameError(_ number: Int32) -> FusionError {
    number == EEXIST
      ? AtomicFile.exists(path)
      : AtomicFile.cannotCreate(path, FusionError.systemMessage(number), "check the folder's permissions")
  }

  private func syncFolder() throws {
    let folder = open(AtomicFile.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Not every file system lets a folder be synced; the file itself is durable already.
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
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

  private static func exists(_ path: String) -> FusionError {
    FusionError(
      .outputExists, "the output exists already", file: path, expected: "a name that is free", found: "a file",
      remedy: "add --force to replace it, or choose another name")
  }

  private static func cannotCreate(_ path: String, _ found: String, _ remedy: String) -> FusionError {
    FusionError(
      .cannotCreate, "cannot create the output", file: path, expected: "a place where a file can be made",
      found: found, remedy: remedy)
  }
}
