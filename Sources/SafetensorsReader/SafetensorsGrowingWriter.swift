import FusionCore
import MappedFiles

/// Writes one safetensors file whose tensors become known on the way, and may be written anew until it is finished.
///
/// Room for the header is set aside at the start and filled up with spaces at the end, so that nothing is copied and
/// the disk holds the tensors once. The file gets its name in ``finish(metadata:)``; until then nothing is to be seen.
/// Not safe for use from two threads at once.
public final class SafetensorsGrowingWriter {
  private let file: AtomicFile
  private let headerByteCount: Int
  private var tensors: [(name: String, dtype: DType, shape: Shape)] = []
  private var ranges: [String: Range<Int>] = [:]

  /// Starts a file.
  ///
  /// - Parameters:
  ///   - path: name of the file; its folder must exist.
  ///   - headerByteCount: room for the header: names, shapes and metadata.
  ///   - replacing: whether a file of that name may be replaced.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`.
  public init(path: String, headerByteCount: Int, replacing: Bool) throws {
    precondition(headerByteCount > 0, "a header of \(headerByteCount) bytes")
    // Whole cache lines, so that tensors can be used where they are mapped.
    self.headerByteCount = (headerByteCount + 63) / 64 * 64
    file = try AtomicFile(path: path, replacing: replacing)
    try file.append([UInt8](repeating: 0, count: self.headerByteCount))
  }

  /// Number of tensors so far.
  public var tensorCount: Int { tensors.count }
  /// Bytes of the file so far.
  public var fileByteCount: Int { file.byteCount }

  /// Adds a tensor behind the others; its bytes are to be appended next.
  ///
  /// - Precondition: the tensor before has all its bytes, and the name is new.
  public func beginTensor(_ name: String, _ dtype: DType, _ shape: Shape) {
    precondition(ranges[name] == nil, "\(name) is there already")
    checkComplete()
    guard let byteCount = shape.byteCount(of: dtype) else { preconditionFailure("\(name) is too large") }
    tensors.append((name, dtype, shape))
    ranges[name] = file.byteCount..<(file.byteCount + byteCount)
  }

  /// Adds bytes to the last tensor, little-endian and row-major.
  ///
  /// - Precondition: no more than it has.
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    let end = tensors.last.flatMap { ranges[$0.name]?.upperBound } ?? 0
    precondition(bytes.count <= end - file.byteCount, "\(bytes.count) bytes too many")
    try file.append(bytes)
  }

  /// Replaces bytes of a tensor.
  ///
  /// - Precondition: it has them.
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func replace(_ name: String, at offset: Int, with bytes: UnsafeRawBufferPointer) throws {
    try file.overwrite(bytes, at: place(name, offset, bytes.count))
  }

  /// Reads bytes of a tensor back.
  ///
  /// - Precondition: it has them.
  /// - Throws: `.readFailed`.
  public func read(_ name: String, at offset: Int, into target: UnsafeMutableRawBufferPointer) throws {
    try file.read(at: place(name, offset, target.count), into: target)
  }

  /// Writes the header, makes the file durable and gives it its name.
  ///
  /// - Precondition: the last tensor has all its bytes.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`; and for a header that this toolkit would
  ///   not read back or that has not enough room: `.safetensorsUnsafeName`, `.safetensorsTooManyEntries`,
  ///   `.safetensorsHeaderTooLarge`.
  public func finish(metadata: [String: String]) throws {
    checkComplete()
    let header: SafetensorsHeaderText
    do {
      header = try SafetensorsHeaderText(tensors: tensors, metadata: metadata, room: headerByteCount)
    } catch let error as FusionError {
      throw error.inFile(file.path)
    }
    try header.bytes.withUnsafeBytes { try file.overwrite($0, at: 0) }
    try file.commit()
  }

  private func place(_ name: String, _ offset: Int, _ byteCount: Int) -> Int {
    guard let range = ranges[name], offset >= 0, offset <= range.count - byteCount else {
      preconditionFailure("\(byteCount) bytes at \(offset) are not in \(name)")
    }
    return range.lowerBound + offset
  }

  private func checkComplete() {
    let end = tensors.last.flatMap { ranges[$0.name]?.upperBound } ?? headerByteCount
    precondition(file.byteCount == end, "\(end - file.byteCount) bytes are missing")
  }
}
