/// A file that is written front to back and gets its name when it is complete.
///
/// Not safe for use from two threads at once, but for ``read(at:into:)``.
public protocol OutputFile: AnyObject {
  /// Where the file will be.
  var path: String { get }
  /// Bytes written so far.
  var byteCount: Int { get }

  /// Writes bytes after those written before.
  ///
  /// - Throws: `.noSpace`, `.writeFailed`.
  func append(_ bytes: UnsafeRawBufferPointer) throws

  /// Reads back what was written.
  ///
  /// - Throws: `.readFailed` if the file does not give all the bytes.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws

  /// Makes the bytes durable and gives them their name.
  ///
  /// - Throws: `.outputExists` if a file of that name appeared meanwhile, `.writeFailed`, `.noSpace`.
  func commit() throws
}

extension OutputFile {
  /// Writes an array after the bytes written before.
  public func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try append($0) } }
}
