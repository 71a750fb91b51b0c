internal import CDeflate
import FusionCore
import MappedFiles

extension ZipArchive {
  /// Bytes that are read before their pages are given back.
  private static let pieceByteCount = 4 << 20

  /// Proves that the bytes of an entry have the checksum that the archive states.
  ///
  /// Reads all of them, in pieces whose pages are given back. Does nothing where no checksums were written.
  ///
  /// - Throws: `.torchZipWrongChecksum`, `.changedWhileReading`.
  public func checkContents(of entry: ZipEntry) throws {
    guard statesChecksums else { return }
    var crc: UInt32 = 0
    var start = entry.dataRange.lowerBound
    while start < entry.dataRange.upperBound {
      let piece = start..<min(start + ZipArchive.pieceByteCount, entry.dataRange.upperBound)
      file.willRead(piece)
      crc = try file.withBytes(in: piece) { libdeflate_crc32(crc, $0.baseAddress, $0.count) }
      file.discard(piece)
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
        "entry \(ZipName.quoted(entry.name)), offsets \(entry.dataRange.lowerBound) to \(entry.dataRange.upperBound)",
      expected: "CRC-32 " + hexadecimal(entry.crc32), found: "CRC-32 " + hexadecimal(crc),
      remedy: entry.crc32 == 0
        ? "the file may have been saved with its data left out (skip_data): save it again with its data"
        : ZipRemedy.download)
  }
}
