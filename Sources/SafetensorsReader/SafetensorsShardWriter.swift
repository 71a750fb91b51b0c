import FusionCore
import MappedFiles

/// Writes one safetensors file front to back, with nothing of it in memory but the header.
///
/// The tensors are declared first, then their bytes are appended in the same order, in pieces of any size. The file
/// gets its name in ``finish()``; until then nothing is to be seen. Equal declarations and bytes give equal files.
/// Not safe for use from two threads at once.
public final class SafetensorsShardWriter {
  /// Bytes of all declared tensors.
  public let dataByteCount: Int
  /// Bytes of the file when it is finished.
  public let fileByteCount: Int

  private let file: AtomicFile
  private var isFinished = false

  /// Declares the content and writes the header.
  ///
  /// - Parameters:
  ///   - path: name of the file; its folder must exist.
  ///   - tensors: in the order in which their bytes will be appended.
  ///   - metadata: the `__metadata__` entries; none leaves the object out.
  ///   - replacing: whether a file of that name may be replaced.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`; and for content that this toolkit would
  ///   not read back: `.safetensorsUnsafeName`, `.safetensorsDuplicateName`, `.safetensorsShapeOverflow`,
  ///   `.safetensorsTooManyEntries`, `.safetensorsHeaderTooLarge`.
  public init(
    path: String, tensors: [(name: String, dtype: DType, shape: Shape)], metadata: [String: String], replacing: Bool
  ) throws {
    let header: SafetensorsHeaderText
    do {
      header = try SafetensorsHeaderText(tensors: tensors, metadata: metadata)
    } catch let error as FusionError {
      throw error.inFile(path)
    }
    dataByteCount = header.dataByteCount
    fileByteCount = header.bytes.count + header.dataByteCount
    file = try AtomicFile(path: path, replacing: replacing)
    try file.append(header.bytes)
  }

  /// Adds bytes to the data, little-endian and row-major, where the last call stopped.
  ///
  /// - Precondition: no more bytes than declared, and not after ``finish()``.
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    precondition(!isFinished, "append after finish")
    precondition(
      bytes.count <= fileByteCount - file.byteCount, "more than the \(dataByteCount) bytes of the declared tensors")
    try file.append(bytes)
  }

  /// Makes the file durable and gives it its name.
  ///
  /// - Precondition: all declared bytes have been appended, and this is the first call.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`.
  public func finish() throws {
    precondition(!isFinished, "finish was called twice")
    precondition(
      file.byteCount == fileByteCount, "\(fileByteCount - file.byteCount) of the declared bytes were not appended")
    isFinished = true
    try file.commit()
  }
}
