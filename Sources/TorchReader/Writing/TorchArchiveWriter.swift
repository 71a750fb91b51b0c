internal import CDeflate
import FusionCore
import MappedFiles

/// Writes one PyTorch file front to back, as `torch.save` writes a state dict, with no tensor in memory.
///
/// The tensors are declared first, then their bytes are appended in the same order, in pieces of any size. The file
/// gets its name in ``finish()``; until then nothing is to be seen. Equal names of files, declarations and bytes give
/// equal files. Not safe for use from two threads at once.
///
/// Every tensor has a storage of its own on the processor, dense, at a multiple of 64 bytes. Up to the number in
/// `.data/serialization_id` the file is the one that PyTorch 2.15 writes, unless it needs sizes or offsets of 64 bits.
public final class TorchArchiveWriter {
  /// Bytes of all declared tensors.
  public let dataByteCount: Int
  /// Bytes of the file when it is finished.
  public let fileByteCount: Int

  /// Most tensors of one file.
  ///
  /// A reader that limits what one pickle may cost takes about twice as many.
  public static let maximumTensorCount = 10_000
  /// The first number that has no place in a field of 32 bits, where the largest one says that it is elsewhere.
  public static let standardZip64Threshold = Int(UInt32.max)

  private let file: AtomicFile
  private let layout: TorchArchiveLayout
  /// Of the entries that are complete.
  private var checksums: [UInt32] = []
  /// Of the entry that is being written, so far.
  private var checksum: UInt32 = 0
  private var isFinished = false

  /// Declares the content and writes what stands before the first tensor's bytes.
  ///
  /// - Parameters:
  ///   - path: name of the file; its folder must exist. The folder in the archive is called after it.
  ///   - tensors: in the order in which their bytes will be appended. Types without a storage class of their own,
  ///     the unsigned ones above 8 bits and floats of 8 bits, are read by PyTorch 2.3 and newer.
  ///   - replacing: whether a file of that name may be replaced.
  ///   - zip64Threshold: the first size or offset that is written with 64 bits. One below the standard's is for tests:
  ///     it makes such records without a file of 4 GiB, and PyTorch 1.13 does not take them where 32 bits would do.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`; and for content that this toolkit would
  ///   not read back: `.torchUnsafeName`, `.torchDuplicateTensor`, `.torchShapeOverflow`, `.torchTooManyTensors`.
  /// - Precondition: `zip64Threshold` is from 1 to ``standardZip64Threshold``.
  public init(
    path: String, tensors: [(name: String, dtype: DType, shape: Shape)], replacing: Bool,
    zip64Threshold: Int = TorchArchiveWriter.standardZip64Threshold
  ) throws {
    precondition(
      (1...TorchArchiveWriter.standardZip64Threshold).contains(zip64Threshold), "64 bits from \(zip64Threshold) on")
    let fileName = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    do {
      layout = try TorchArchiveLayout(fileName: fileName, tensors: tensors, zip64Threshold: zip64Threshold)
    } catch let error as FusionError {
      throw error.inFile(path)
    }
    dataByteCount = layout.dataByteCount
    fileByteCount = layout.fileByteCount
    file = try AtomicFile(path: path, replacing: replacing)
    try writeUpToData()
  }

  /// Adds bytes to the data, little-endian and row-major, where the last call stopped.
  ///
  /// - Precondition: no more bytes than declared, and not after ``finish()``.
  /// - Throws: `.noSpace`, `.writeFailed`.
  public func append(_ bytes: UnsafeRawBufferPointer) throws {
    precondition(!isFinished, "append after finish")
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let missing = missingByteCount else {
        preconditionFailure("more than the \(dataByteCount) bytes of the declared tensors")
      }
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(missing))
      checksum = libdeflate_crc32(checksum, piece.baseAddress, piece.count)
      try file.append(piece)
      rest = rest.dropFirst(piece.count)
      if piece.count == missing {
        try endEntry()
        try writeUpToData()
      }
    }
  }

  /// Writes the directory, makes the file durable and gives it its name.
  ///
  /// - Precondition: all declared bytes have been appended, and this is the first call.
  /// - Throws: `.outputExists`, `.cannotCreate`, `.noSpace`, `.writeFailed`.
  public func finish() throws {
    precondition(!isFinished, "finish was called twice")
    precondition(missingByteCount == nil, "not all of the \(dataByteCount) declared bytes were appended")
    isFinished = true
    try file.append(layout.directory(checksums: checksums))
    try file.commit()
  }

  /// Bytes of the current tensor that are still to come; `nil` after the last one.
  private var missingByteCount: Int? {
    guard checksums.count < layout.entries.count else { return nil }
    let entry = layout.entries[checksums.count].layout
    return entry.dataOffset + entry.byteCount - file.byteCount
  }

  /// Writes everything that is known before more bytes of tensors come.
  private func writeUpToData() throws {
    while checksums.count < layout.entries.count {
      let (entry, content) = layout.entries[checksums.count]
      try file.append(entry.localHeader)
      let bytes: [UInt8]
      switch content {
      case .tensor:
        if entry.byteCount > 0 { return }
        bytes = []
      case .bytes(let known): bytes = known
      case .serialization: bytes = layout.serialization(checksums: checksums)
      }
      checksum = bytes.withUnsafeBytes { libdeflate_crc32(0, $0.baseAddress, $0.count) }
      try file.append(bytes)
      try endEntry()
    }
  }

  private func endEntry() throws {
    try file.append(layout.entries[checksums.count].layout.descriptor(crc32: checksum))
    checksums.append(checksum)
    checksum = 0
  }
}
