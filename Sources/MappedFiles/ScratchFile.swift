import FusionCore
import Glibc

/// A file without a name, for what does not fit into memory; gone when the object is, whatever happens.
public final class ScratchFile {
  /// Bytes written so far.
  public private(set) var byteCount = 0

  private let path: String
  private let descriptor: Int32

  /// Makes a file on the disk of an output.
  ///
  /// - Parameter output: the path whose folder is used; it must exist.
  /// - Throws: `.cannotCreate`.
  public init(besides output: String) throws {
    path = output
    let name = "\(AtomicFile.folder(of: output))/.fusion-\(getpid())-\(UInt64.random(in: 0...UInt64.max)).scratch"
    descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw FusionError(
        .cannotCreate, "cannot write into the output's folder", file: output, found: FusionError.systemMessage(errno),
        remedy: "name a folder that exists and can be written")
    }
    unlink(name)
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end.
  ///
  /// - Throws: `.noSpace` or `.writeFailed`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FusionError(
          errno == ENOSPC ? .noSpace : .writeFailed, "cannot write a temporary file beside the output", file: path,
          found: FusionError.systemMessage(errno), remedy: "make room on the disk of the output and try again")
      }
      rest = rest.dropFirst(count)
      byteCount += count
    }
  }

  /// Reads everything from the beginning, piece by piece.
  ///
  /// - Throws: `.readFailed`; what `body` throws.
  public func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    var buffer = [UInt8](repeating: 0, count: 4 << 20)
    var offset = 0
    while offset < byteCount {
      let count = buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FusionError(
          .readFailed, "cannot read a temporary file back", file: path, found: FusionError.systemMessage(errno),
          remedy: "check the disk of the output")
      }
      try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      offset += count
    }
  }
}
