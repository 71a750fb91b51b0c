import FusionCore
import Glibc

/// A file that gets its name only when it is complete.
///
/// The bytes go to an unnamed file in the destination's folder where the file system can do that (so that even a
/// killed process leaves nothing), otherwise to a hidden sibling that is removed when this object goes away, when the
/// program is stopped, or by the next one that writes into the folder. ``commit()`` makes the bytes durable and gives them
/// the name in one step. What is replaced passes its permissions on. Not safe for use from two threads at once, but for
/// ``read(at:into:)``.
public final class AtomicFile: OutputFile {
  /// Where the file will be, as given.
  public let path: String
  /// Bytes appended so far.
  public private(set) var byteCount = 0

  private let target: OutputPath
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
    target = try OutputName.checked(path, replacing: replacing)
    let folder = target.folder
    var descriptor: Int32 = -1
    if FolderAbilities.of(folder).linksUnnamedFiles {
      // Fixed mode bits, then the user's mask, as for any file a program creates.
      descriptor = SystemCalls.open(folder, FolderAbilities.unnamedFlag | O_RDWR)
    }
    if descriptor < 0 {
      guard let made = TemporaryName.makeFile(in: folder) else {
        throw OutputName.cannotCreate(
          path, errno,
          "check that the folder \(folder.escapedForTerminal) exists and that you may write there")
      }
      (temporaryPath, descriptor) = made
    }
    self.descriptor = descriptor
    target.passOnPermissions(to: descriptor)
  }

  deinit {
    // Closed first: some file systems keep the name of an open file in its folder.
    close(descriptor)
    if let temporaryPath {
      _ = SystemCalls.unlink(temporaryPath)
      UnfinishedWork.remove(temporaryPath)
    }
  }

  /// Writes bytes after those written before.
  ///
  /// - Throws: `.noSpace`, `.sizeLimit` or `.writeFailed`.
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
    guard SystemCalls.sync(descriptor) == 0 else { throw FusionError.writeFailed(path, at: byteCount, errno: errno) }
    try UnfinishedWork.finishing(temporaryPath) { try giveName() }
    temporaryPath = nil
    try OutputName.syncFolder(of: target, isNew: !replacing)
  }

  private func giveName() throws {
    if let temporaryPath {
      let status =
        replacing ? SystemCalls.rename(temporaryPath, target.path) : FinalName.give(temporaryPath, target.path)
      guard status == 0 else { throw OutputName.error(path, errno) }
      return
    }
    guard replacing else {
      guard SystemCalls.linkDescriptor(descriptor, target.path) == 0 else { throw OutputName.error(path, errno) }
      return
    }
    // A first name is given without replacing; the lock tells others that it is in use.
    let sibling = "\(target.folder)/\(TemporaryName.random())"
    guard FileLock.take(descriptor) != .elsewhere, SystemCalls.linkDescriptor(descriptor, sibling) == 0 else {
      throw OutputName.error(path, errno)
    }
    guard SystemCalls.rename(sibling, target.path) == 0 else {
      let number = errno
      _ = SystemCalls.unlink(sibling)
      throw OutputName.error(path, number)
    }
  }

  /// Has the disk begin with what was appended, so that little is left to wait for at the end.
  private func requestWriting() {
    guard byteCount - requestedByteCount >= Self.requestByteCount else { return }
    SystemCalls.beginWriting(descriptor, requestedByteCount..<byteCount)
    requestedByteCount = byteCount
  }

  /// Enough for one long write, and little against a second's writing.
  private static let requestByteCount = 32 << 20
}
