import FusionCore
import MappedFiles

/// A zip archive as `torch.save` writes it, proven from its end records to every local header.
///
///     header, name, padding | content | descriptor | header … | central directory | end records
///
/// Entries are stored, never compressed, so that their bytes can be used where they lie. Everything that two readers of
/// one archive could see in two ways is refused: every byte of the file belongs to exactly one part, and what is said
/// twice is said equally. The contents are not read; ``checkContents(of:)`` does that for one entry.
public struct ZipArchive: Sendable {
  /// The file.
  public let file: MappedFile
  /// All files in the archive, in the order of their bytes; folders are left out.
  public let entries: [ZipEntry]
  /// The folder that all entries lie in, with its slash: `archive/`.
  ///
  /// PyTorch names it after the file that was saved to.
  public let root: String
  /// Whether checksums were written.
  ///
  /// `torch.serialization.set_crc32_options(False)` leaves them all zero; then nothing can be said about the contents.
  public let statesChecksums: Bool

  private let positions: [String: Int]

  /// Reads and proves the structure of an archive.
  ///
  /// Only headers are touched, and their pages are given back on the way: the cost depends on the number of entries,
  /// not on the size of the file.
  ///
  /// - Throws: `FusionError` with a `torch` code; `.changedWhileReading`.
  public init(file: MappedFile) throws {
    self.file = file
    do {
      (entries, root) = try file.withBytes(in: 0..<file.byteCount) { try ZipArchive.read($0, of: file) }
    } catch let error as FusionError {
      throw error.inFile(file.path)
    }
    positions = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let filled = entries.filter { !$0.dataRange.isEmpty }
    statesChecksums = filled.isEmpty || filled.contains { $0.crc32 != 0 }
  }

  /// The entry of a full name; `nil` if there is none.
  public func entry(named name: String) -> ZipEntry? { positions[name].map { entries[$0] } }

  /// Whether the first bytes of a file are those of a zip archive.
  ///
  /// - Parameter prefix: at least 4 bytes, unless the file is shorter.
  public static func looksLikeZip(_ prefix: UnsafeRawBufferPointer) -> Bool {
    var cursor = ByteCursor(prefix)
    let signature = cursor.integer(UInt32.self)
    return signature == ZipLocalHeader.signature || signature == ZipEndRecords.signature
  }

  /// Distance after which the pages of headers are given back.
  private static let windowByteCount = 8 << 20

  private static func read(
    _ contents: UnsafeRawBufferPointer, of file: MappedFile
  ) throws -> (entries: [ZipEntry], root: String) {
    let end = try ZipEndRecords(contents)
    let directory = try ZipDirectory(contents, end)
    let records = directory.records.sorted { $0.headerOffset < $1.headerOffset }
    let root = try commonRoot(of: records)
    if let first = records.first, first.headerOffset != 0 {
      throw FusionError(
        .torchZipPrependedData, "bytes stand before the first entry", place: "offset 0",
        expected: "the first local header", found: "\(first.headerOffset) bytes before it",
        remedy: ZipRemedy.distrust)
    }
    var entries: [ZipEntry] = []
    entries.reserveCapacity(records.count)
    var windowStart = 0
    for (index, record) in records.enumerated() {
      let boundary = index + 1 < records.count ? records[index + 1].headerOffset : end.directory.lowerBound
      let range = try ZipLocalHeader(contents, record: record, boundary: boundary).check()
      if !record.isFolder { entries.append(ZipEntry(name: record.name, dataRange: range, crc32: record.crc32)) }
      if boundary - windowStart >= windowByteCount {
        file.discard(windowStart..<boundary)
        windowStart = boundary
      }
    }
    return (entries, root)
  }

  private static func commonRoot(of records: [ZipRecord]) throws -> String {
    var root: String?
    for record in records {
      if let root, record.name.utf8.starts(with: root.utf8) { continue }
      let own = record.name.firstIndex(of: "/").map { String(record.name[...$0]) }
      if let own, root == nil {
        root = own
        continue
      }
      throw FusionError(
        .torchZipNoCommonRoot, "the entries do not lie in one folder", place: "entry " + TensorName.quoted(record.name),
        expected: "every entry in " + (root.map(TensorName.quoted) ?? "a folder, such as \"archive/\""),
        found: own.map(TensorName.quoted) ?? "an entry outside of any folder", remedy: ZipRemedy.saveAgain)
    }
    return root ?? ""
  }
}
