internal import CDeflate
import FusionCore
import MappedFiles

extension ZipArchive {
  /// Bytes that are read at a time: few enough to be summed in the processor's cache.
  private static let pieceByteCount = 256 << 10

  /// Proves that the bytes of an entry have the checksum that the archive states.
  ///
  /// Reads all of them, in pieces. Does nothing where no checksums were written.
  ///
  /// - Throws: `.torchZipWrongChecksum`, `.changedWhileReading`.
  public func checkContents(of entry: ZipEntry) throws {
    guard statesChecksums else { return }
    var crc: UInt32 = 0
    var start = entry.dataRange.lowerBound
    let room = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(ZipArchive.pieceByteCount, entry.dataRange.count), alignment: 64)
    defer { room.deallocate() }
    while start < entry.dataRange.upperBound {
      let piece = start..<min(start + ZipArchive.pieceByteCount, entry.dataRange.upperBound)
      let bytes = UnsafeMutableRawBufferPointer(rebasing: room[..<piece.count])
      try file.read(piece, into: bytes)
      crc = libdeflate_crc32(crc, bytes.baseAddress, bytes.count)
      start = piece.upperBound
    }
    guard crc != entry.crc32 else { return }
    func hexadecimal(_ value: UInt32) -> String {
      let digits = String(value, radix: 16)
      return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }
    throw FusionError(
      .torchZipWrongChecksum, "the bytes of an entry are not those that were written", file: file.path,
      place:
        "entry \(TensorName.quoted(entry.name)), offsets \(entry.dataRange.lowerBound) to \(entry.dataRange.upperBound)",
      expected: "CRC-32 " + hexadecimal(entry.crc32), found: "CRC-32 " + hexadecimal(crc),
      remedy: entry.crc32 == 0
        ? "the file may have been saved with its data left out (skip_data): save it again with its data"
        : ZipRemedy.download)
  }
}
