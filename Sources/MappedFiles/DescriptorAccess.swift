import FusionCore
import Glibc

/// Reading and writing whole runs of bytes at a place in an open file.
enum DescriptorAccess {
  /// Writes all of some bytes.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int, _ path: String) throws {
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

  /// Fills a buffer.
  ///
  /// - Throws: `.readFailed` if the file does not give all the bytes.
  static func read(
    from descriptor: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer, _ path: String
  ) throws {
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
}
