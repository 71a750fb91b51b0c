import FusionCore
import Glibc

/// A file mapped read-only, whose pages are read when they are touched and forgotten when the caller says so.
///
/// The mapping is private knowledge: bytes are lent through ``withBytes(in:_:)`` and ``borrow(_:)``, which first make
/// sure that the file is still the one that was opened. A truncation between that check and a read cannot be excluded;
/// the signal it raises is turned into a message by ``MappingFaultHandler``.
public final class MappedFile: Sendable {
  /// The path as given.
  public let path: String
  /// Size when the file was opened.
  public let byteCount: Int

  private let descriptor: Int32
  private let identity: FileIdentity
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?

  /// Opens and maps a regular file.
  ///
  /// - Throws: `FusionError` with `.cannotOpen` if it is missing, a folder or not readable, `.readFailed` if mapping
  ///   fails.
  public init(path: String) throws {
    // Without O_NONBLOCK, opening a pipe would wait for a writer before it can be refused.
    let descriptor = SystemCalls.open(path, O_RDONLY | O_NONBLOCK)
    guard descriptor >= 0 else { throw FusionError.cannotOpen(path, errno: errno) }
    var keep = false
    defer { if !keep { close(descriptor) } }
    guard let identity = FileIdentity(descriptor: descriptor) else { throw FusionError.cannotOpen(path, errno: errno) }
    guard identity.isRegularFile, let size = Int(exactly: identity.byteCount) else {
      throw FusionError(
        .cannotOpen, "the input is not a file", file: path, expected: "a regular file",
        found: identity.isFolder ? "a folder" : "a device, pipe or socket", remedy: "name a file")
    }
    var base: UnsafeMutableRawPointer?
    if size > 0 {
      base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
      guard base != MAP_FAILED else {
        let number = errno
        throw FusionError(
          .readFailed, "cannot map the input", file: path, expected: "room for \(size) bytes in memory",
          found: FusionError.systemMessage(number),
          remedy: number == ENOMEM
            ? "raise the limits of this process (ulimit -v)" : "copy the file to a local disk and try again")
      }
    }
    keep = true
    self.path = path
    self.descriptor = descriptor
    self.identity = identity
    self.base = base
    byteCount = size
  }

  deinit {
    if let base { munmap(base, byteCount) }
    close(descriptor)
  }

  /// Lends a part of the file.
  ///
  /// - Parameters:
  ///   - range: byte range; it must lie inside the file.
  ///   - body: gets exactly that range, valid only during the call.
  /// - Throws: `.changedWhileReading` if the file was changed since it was opened; what `body` throws.
  public func withBytes<Result>(
    in range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "range \(range) outside of \(path)")
    try checkUnchanged()
    guard let base, !range.isEmpty else { return try body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    return try body(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// Copies a part of the file, without making its pages part of this process.
  ///
  /// For bytes that are looked at once: that is faster than mapping them and giving them back.
  ///
  /// - Parameters:
  ///   - range: byte range; it must lie inside the file.
  ///   - target: room for exactly that range.
  /// - Throws: `.changedWhileReading` if the file was changed since it was opened, `.readFailed`.
  public func read(_ range: Range<Int>, into target: UnsafeMutableRawBufferPointer) throws {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "range \(range) outside of \(path)")
    precondition(range.count == target.count, "room of \(target.count) bytes for \(range.count)")
    try checkUnchanged()
    var done = 0
    while done < range.count {
      let count = pread(
        descriptor, target.baseAddress.map { $0 + done }, range.count - done, off_t(range.lowerBound + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FusionError(
          .readFailed, "reading the input failed", file: path, place: "offset \(range.lowerBound + done)",
          found: count == 0 ? "the end of the file" : FusionError.systemMessage(errno),
          remedy: "copy the file to a local disk and try again")
      }
      done += count
    }
  }

  /// Lends a part of the file until the result is released; then its pages no longer count as used memory.
  ///
  /// - Parameter range: byte range; it must lie inside the file.
  /// - Throws: `.changedWhileReading` if the file was changed since it was opened.
  public func borrow(_ range: Range<Int>) throws -> BorrowedBytes {
    willRead(range)
    return try withBytes(in: range) { bytes in BorrowedBytes(bytes) { self.discard(range) } }
  }

  /// Proves that size, modification time and identity are those of the file that was opened.
  ///
  /// - Throws: `.changedWhileReading`.
  public func checkUnchanged() throws {
    let now = FileIdentity(descriptor: descriptor)
    guard now == identity else {
      throw FusionError(
        .changedWhileReading, "the input was changed while it was being read", file: path,
        expected: identity.summary, found: now?.summary ?? FusionError.systemMessage(errno),
        remedy: "let the download or copy finish, then run the command again")
    }
  }

  /// Tells the kernel that a range will be read soon, front to back.
  public func willRead(_ range: Range<Int>) { advise(range, MADV_WILLNEED) }

  /// Brings a range into this process's memory in one step; without it every few pages are a fault of their own.
  public func populate(_ range: Range<Int>) {
    guard let base, !range.isEmpty else { return }
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "range \(range) outside of \(path)")
    let start = range.lowerBound / Self.pageByteCount * Self.pageByteCount
    // Advice only: a system that does not know it reads the pages when they are touched.
    madvise(base + start, range.upperBound - start, Self.populateForReading)
  }

  /// `MADV_POPULATE_READ`, which Linux knows since 5.14 and not every C library names.
  private static let populateForReading: Int32 = 22
  private static let pageByteCount = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Takes a range out of this process's resident memory; the page cache may keep it.
  public func discard(_ range: Range<Int>) { advise(range, MADV_DONTNEED) }

  private func advise(_ range: Range<Int>, _ advice: Int32) {
    guard let base else { return }
    // Only whole pages: a page at the edge may be in use for the neighbouring range.
    let page = Self.pageByteCount
    let inner = range.clamped(to: 0..<byteCount)
    let start = (inner.lowerBound + page - 1) / page * page
    let end = inner.upperBound == byteCount ? byteCount : inner.upperBound / page * page
    if start < end { madvise(base + start, end - start, advice) }
  }
}
