import FusionCore
import Glibc

/// An output that lies under a name of its own until it is complete, so that another process can go on with it.
///
/// Bytes at its start may be known from an earlier process. They are never written again: what is appended there must be
/// what the file holds, or is passed over by ``pass(to:)``. What lies behind them is cut off before the first byte is
/// written there. Who opens it sees to it that nobody else writes it.
public final class PartialFile: OutputFile {
  /// Where the file will be.
  public let path: String
  /// Where it is until then.
  public let partialPath: String
  /// Bytes written or passed over so far.
  public private(set) var byteCount = 0
  /// Bytes at the start that an earlier process has written.
  public let keptByteCount: Int
  /// Bytes that were there when it was opened.
  public let foundByteCount: Int
  /// Whether this object made the file.
  public let isNew: Bool

  private let target: OutputPath
  private let descriptor: Int32
  private let replacing: Bool
  private var isCut: Bool

  /// Opens a partial file, or makes one.
  ///
  /// - Parameters:
  ///   - path: the final name; its folder must exist.
  ///   - partialPath: the name until then, in the same folder.
  ///   - replacing: whether a file of the final name may be replaced.
  ///   - keptByteCount: bytes at the start that are known; if there are any, the file must be there.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.partialFileDiffers`.
  public init(path: String, partialPath: String, replacing: Bool, keptByteCount: Int) throws {
    precondition(keptByteCount >= 0, "\(keptByteCount) bytes kept")
    target = try OutputName.checked(path, replacing: replacing)
    self.path = path
    self.partialPath = partialPath
    self.replacing = replacing
    self.keptByteCount = keptByteCount
    var descriptor = SystemCalls.open(partialPath, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
    isNew = descriptor >= 0
    if !isNew, errno == EEXIST { descriptor = SystemCalls.open(partialPath, O_RDWR | O_NOFOLLOW | O_NONBLOCK) }
    guard descriptor >= 0 else {
      throw OutputName.cannotCreate(
        partialPath, errno, "check that you may write in that folder")
    }
    guard let identity = FileIdentity(descriptor: descriptor), identity.isRegularFile,
      let found = Int(exactly: identity.byteCount)
    else {
      close(descriptor)
      throw OutputName.cannotCreate(partialPath, "a folder or device of that name is there", "choose another name")
    }
    self.descriptor = descriptor
    foundByteCount = found
    isCut = found == 0
    target.passOnPermissions(to: descriptor)
    if isNew { try FinalName.syncFolder(of: partialPath) }
    guard found >= keptByteCount else {
      throw differs("at least \(keptByteCount) bytes", "\(found) bytes")
    }
  }

  deinit { close(descriptor) }

  /// Writes bytes after those before; among those that are kept it proves instead that they are there.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`, `.readFailed`, `.partialFileDiffers`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    guard !bytes.isEmpty else { return }
    if byteCount < keptByteCount {
      try prove(bytes)
    } else {
      try cut()
      try DescriptorAccess.write(bytes, to: descriptor, at: byteCount, partialPath)
    }
    byteCount += bytes.count
  }

  /// Passes over bytes that are kept and that the caller proves by other means.
  ///
  /// - Precondition: `offset` is not behind the kept bytes and not before what was passed already.
  public func pass(to offset: Int) {
    precondition((byteCount...keptByteCount).contains(offset), "\(offset) is not in \(byteCount)...\(keptByteCount)")
    byteCount = offset
  }

  /// Reads what was written or kept.
  ///
  /// - Throws: `.readFailed` if the file does not give all the bytes.
  public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    try DescriptorAccess.read(from: descriptor, at: offset, into: buffer, partialPath)
  }

  /// Proves that the file begins with some bytes, as far as it reaches.
  ///
  /// - Throws: `.partialFileDiffers`, `.readFailed`.
  public func checkBeginning(_ bytes: [UInt8]) throws {
    var found = [UInt8](repeating: 0, count: min(bytes.count, foundByteCount))
    try found.withUnsafeMutableBytes { try read(at: 0, into: $0) }
    guard bytes.starts(with: found) else { throw differs("the beginning of the output", "other bytes") }
  }

  /// Makes durable what was written so far.
  ///
  /// - Throws: `.writeFailed`, `.noSpace`.
  public func sync() throws {
    guard SystemCalls.syncData(descriptor) == 0 else {
      throw FusionError.writeFailed(partialPath, at: byteCount, errno: errno)
    }
  }

  /// Makes the bytes durable and gives them their name.
  ///
  /// - Throws: `.outputExists` if a file of that name appeared meanwhile, `.writeFailed`, `.noSpace`.
  public func commit() throws {
    try cut()
    guard SystemCalls.sync(descriptor) == 0 else {
      throw FusionError.writeFailed(partialPath, at: byteCount, errno: errno)
    }
    try UnfinishedWork.finishing(nil) {
      let status =
        replacing ? SystemCalls.rename(partialPath, target.path) : FinalName.give(partialPath, target.path)
      guard status == 0 else { throw OutputName.error(path, errno) }
    }
    do {
      try FinalName.syncFolder(of: target.path)
    } catch {
      // What is told to have failed can be gone on with.
      if !replacing { _ = FinalName.give(target.path, partialPath) }
      throw error
    }
  }

  /// Takes the file away.
  public func remove() { _ = SystemCalls.unlink(partialPath) }

  private func cut() throws {
    guard !isCut else { return }
    guard SystemCalls.truncate(descriptor, to: byteCount) == 0 else {
      throw FusionError.writeFailed(partialPath, at: byteCount, errno: errno)
    }
    isCut = true
  }

  private func prove(_ bytes: UnsafeRawBufferPointer) throws {
    guard bytes.count <= keptByteCount - byteCount else {
      throw differs("\(bytes.count) bytes that belong together", "\(keptByteCount - byteCount) of them")
    }
    var found = [UInt8](repeating: 0, count: bytes.count)
    try found.withUnsafeMutableBytes { try read(at: byteCount, into: $0) }
    guard found.elementsEqual(bytes) else { throw differs("the bytes that this conversion writes", "other bytes") }
  }

  private func differs(_ expected: String, _ found: String) -> FusionError {
    FusionError(
      .partialFileDiffers, "the partial file is not what an interrupted conversion left", file: partialPath,
      place: "offset \(byteCount)", expected: expected, found: found,
      remedy: "delete it and what lies beside it under the same name, and begin anew")
  }
}

extension FusionError.Code {
  /// A partial output does not hold what it should.
  public static let partialFileDiffers = Self("file.partialDiffers")
}
