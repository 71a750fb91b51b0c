import FusionCore

/// What the end of an archive says about its central directory.
///
///     … | central directory | Zip64 end record (56) | its locator (20) | end record (22), no comment
///
/// The two Zip64 records are there or not, both. PyTorch writes them always.
struct ZipEndRecords {
  static let signature: UInt32 = 0x0605_4B50
  private static let byteCount = 22
  static let locatorSignature: UInt32 = 0x0706_4B50
  private static let locatorByteCount = 20
  static let zip64Signature: UInt32 = 0x0606_4B50
  static let zip64ByteCount = 56
  /// Bytes of a central record without its name.
  private static let directoryRecordByteCount = 46

  /// Where the central directory lies, proven to end where the end records start.
  let directory: Range<Int>
  /// Entries, proven to be affordable.
  let entryCount: Int

  /// Reads the end of an archive.
  ///
  /// - Parameter contents: the whole file, of which the last 64 KiB are touched at most.
  /// - Throws: a `torch.zip…` code.
  init(_ contents: UnsafeRawBufferPointer) throws {
    let start = contents.count - ZipEndRecords.byteCount
    guard start >= 0, ZipEndRecords.number(contents, start) == ZipEndRecords.signature else {
      throw ZipEndRecords.missing(contents)
    }
    let place = "end record, offset \(start)"
    var fields = Fields(contents, at: start + 4)
    let disks = [fields.next(UInt16.self), fields.next(UInt16.self)]
    let counts = [fields.next(UInt16.self), fields.next(UInt16.self)]
    let size = fields.next(UInt32.self)
    let offset = fields.next(UInt32.self)
    let commentByteCount = fields.next(UInt16.self)
    guard commentByteCount == 0 else {
      throw ZipEndRecords.comment(place, byteCount: Int(commentByteCount), after: 0)
    }
    var limit = start
    var stated = Stated(size: size, offset: offset, count: counts[1])
    if let zip64 = try ZipEndRecords.zip64(contents, before: start) {
      // The 32-bit fields repeat the numbers, or say that they are elsewhere.
      let pairs = [
        ("entry count", counts[0], zip64.count, 0xFFFF), ("entry count", counts[1], zip64.count, 0xFFFF),
        ("size of the central directory", size, zip64.size, ZipLimits.sentinel32),
        ("offset of the central directory", offset, zip64.offset, ZipLimits.sentinel32),
        ("number of this disk", disks[0], 0, 0xFFFF), ("disk of the central directory", disks[1], 0, 0xFFFF),
      ]
      for (name, short, long, sentinel) in pairs where short != long && short != sentinel {
        throw FusionError(
          .torchZipBadZip64, "the two end records of the archive disagree", place: place,
          expected: "\(name) \(long), as in the Zip64 record, or \(sentinel)", found: "\(short)",
          remedy: ZipRemedy.distrust)
      }
      stated = zip64
      limit = start - ZipEndRecords.locatorByteCount - ZipEndRecords.zip64ByteCount
    } else {
      try ZipEndRecords.requireOneDisk(disks, counts, place)
    }
    try stated.requireAffordable(place)
    directory = try stated.directory(in: contents, limit: limit, place)
    entryCount = Int(stated.count)
  }

  /// Place and number of entries as one of the end records states them.
  private struct Stated {
    let size: UInt64
    let offset: UInt64
    let count: UInt64

    func requireAffordable(_ place: String) throws {
      guard count > 0 else {
        throw FusionError(
          .torchZipEmpty, "the archive is empty", place: place, expected: "the entries that torch.save writes",
          found: "no entries", remedy: ZipRemedy.download)
      }
      guard size <= UInt64(ZipLimits.directoryByteCount), count <= UInt64(ZipLimits.entries) else {
        throw FusionError(
          .torchZipTooManyEntries, "the archive has too many entries", place: place,
          expected: "at most \(ZipLimits.entries) entries in \(ZipLimits.directoryByteCount) bytes",
          found: "\(count) entries in \(size) bytes", remedy: "save the tensors in more files")
      }
      guard count <= size / UInt64(directoryRecordByteCount) else {
        throw FusionError(
          .torchZipTooManyEntries, "the archive states more entries than its central directory can hold", place: place,
          expected: "at most \(size / UInt64(directoryRecordByteCount)) entries in \(size) bytes",
          found: "\(count) entries", remedy: ZipRemedy.download)
      }
    }

    func directory(in contents: UnsafeRawBufferPointer, limit: Int, _ place: String) throws -> Range<Int> {
      guard let range = CheckedArithmetic.range(offset: offset, count: size, limit: limit) else {
        throw FusionError(
          .torchZipDirectoryMisplaced, "the central directory does not fit in the file", place: place,
          expected: "at most \(limit) bytes before the end records", found: "\(size) bytes at offset \(offset)",
          remedy: ZipRemedy.download)
      }
      if range.upperBound == limit { return range }
      let after = number(contents, range.upperBound)
      guard after != signature, after != zip64Signature else {
        throw FusionError(
          .torchZipSecondEndRecord, "the archive has two end records", place: "offset \(range.upperBound)",
          expected: "one end record, at the end of the file", found: "another one before it", remedy: ZipRemedy.distrust
        )
      }
      // Offsets that are all too small by one amount are those of an archive with something put before it.
      let moved = limit - range.count
      if number(contents, moved) == ZipDirectory.signature {
        throw FusionError(
          .torchZipPrependedData, "bytes were put before the archive", place: "offset 0",
          expected: "the central directory at offset \(offset)", found: "the central directory at offset \(moved)",
          remedy: ZipRemedy.distrust)
      }
      throw FusionError(
        .torchZipDirectoryMisplaced, "the central directory does not end where the end records start", place: place,
        expected: "an end at offset \(limit)", found: "an end at offset \(range.upperBound)",
        remedy: ZipRemedy.download)
    }
  }

  /// Integers one after the other, at a place that is known to be inside of the file.
  private struct Fields {
    private var cursor: ByteCursor

    init(_ contents: UnsafeRawBufferPointer, at offset: Int) {
      cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: contents[offset...]))
    }

    mutating func next<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) -> UInt64 {
      UInt64(cursor.integer(type) ?? 0)
    }
  }
}

extension ZipEndRecords {
  /// What the Zip64 end record says, or `nil` if there is no locator for one.
  private static func zip64(_ contents: UnsafeRawBufferPointer, before end: Int) throws -> Stated? {
    let start = end - locatorByteCount
    guard start >= 0, number(contents, start) == locatorSignature else { return nil }
    var locator = Fields(contents, at: start + 4)
    let disk = locator.next(UInt32.self)
    let offset = locator.next(UInt64.self)
    let diskCount = locator.next(UInt32.self)
    guard disk == 0, diskCount == 1 else {
      throw severalDisks("Zip64 locator, offset \(start)", "disk \(disk) of \(diskCount)")
    }
    let place = "Zip64 end record, offset \(max(0, start - zip64ByteCount))"
    guard start >= zip64ByteCount, offset == UInt64(start - zip64ByteCount),
      number(contents, start - zip64ByteCount) == zip64Signature
    else {
      throw FusionError(
        .torchZipBadZip64, "the Zip64 end record is not before its locator", place: place,
        expected: "the record there", found: "a locator that points to offset \(offset)", remedy: ZipRemedy.download)
    }
    var record = Fields(contents, at: start - zip64ByteCount + 4)
    let size = record.next(UInt64.self)
    _ = record.next(UInt16.self)
    let version = record.next(UInt16.self)
    guard size == UInt64(zip64ByteCount - 12), version <= ZipLimits.version else {
      throw FusionError(
        .torchZipBadZip64, "the Zip64 end record is of a kind that is not taken", place: place,
        expected: "\(zip64ByteCount - 12) bytes of version \(ZipLimits.version) at most",
        found: "\(size) bytes of version \(version)", remedy: ZipRemedy.distrust)
    }
    let disks = [record.next(UInt32.self), record.next(UInt32.self)]
    let counts = [record.next(UInt64.self), record.next(UInt64.self)]
    try requireOneDisk(disks, counts, place)
    return Stated(size: record.next(UInt64.self), offset: record.next(UInt64.self), count: counts[1])
  }

  private static func requireOneDisk(_ disks: [UInt64], _ counts: [UInt64], _ place: String) throws {
    guard disks == [0, 0], counts[0] == counts[1] else {
      throw severalDisks(place, "disks \(disks[0]) and \(disks[1]) with \(counts[0]) of \(counts[1]) entries")
    }
  }

  private static func severalDisks(_ place: String, _ found: String) -> FusionError {
    FusionError(
      .torchZipSeveralDisks, "the archive is said to be on several disks", place: place,
      expected: "the whole archive in one file", found: found, remedy: ZipRemedy.download)
  }

  /// The error for a file that does not end with an end record: is there one further up?
  private static func missing(_ contents: UnsafeRawBufferPointer) -> FusionError {
    let last = contents.count - byteCount
    let first = max(0, last - Int(UInt16.max))
    var start = last - 1
    while start >= first {
      defer { start -= 1 }
      guard contents[start] == UInt8(truncatingIfNeeded: signature), number(contents, start) == signature else {
        continue
      }
      let commentByteCount = Int(contents[start + 20]) | Int(contents[start + 21]) << 8
      let place = "end record, offset \(start)"
      if commentByteCount == last - start {
        return comment(place, byteCount: commentByteCount, after: commentByteCount)
      }
      return FusionError(
        .torchZipTrailingBytes, "bytes follow the end of the archive", place: place,
        expected: "the end of the file after the end record", found: "\(last - start) more bytes",
        remedy: ZipRemedy.distrust)
    }
    return FusionError(
      .torchZipNoEndRecord, "the archive has no end", place: "offset \(contents.count)",
      expected: "the end record of a zip archive", found: contents.isEmpty ? "an empty file" : "other bytes",
      remedy: "the file was cut short: " + ZipRemedy.download)
  }

  private static func comment(_ place: String, byteCount: Int, after: Int) -> FusionError {
    FusionError(
      .torchZipComment, "the archive has a comment", place: place,
      expected: "no comment, which could hide a second archive",
      found: "\(byteCount) bytes, of which \(after) are there",
      remedy: ZipRemedy.distrust)
  }

  private static func number(_ contents: UnsafeRawBufferPointer, _ offset: Int) -> UInt32? {
    guard offset >= 0, offset <= contents.count - 4 else { return nil }
    return UInt32(littleEndian: contents.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
}
