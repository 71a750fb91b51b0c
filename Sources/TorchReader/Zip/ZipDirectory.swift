import FusionCore

/// Reads the records of a central directory one after the other.
struct ZipDirectory {
  static let signature: UInt32 = 0x0201_4B50
  private static let fixedByteCount = 46
  private static let localByteCount = 30

  /// The records, in the order of the directory.
  private(set) var records: [ZipRecord] = []

  private let start: Int
  private var cursor: ByteCursor
  /// Why the first entry that cannot be read cannot be.
  private var firstNotPlain: FusionError?

  /// Reads all records and proves that they fill the directory.
  ///
  /// - Throws: a `torch.zip…` code; the code of a ``TorchContentKind`` that is not read, which may have compressed
  ///   entries and is then told by its names all the same.
  init(_ contents: UnsafeRawBufferPointer, _ end: ZipEndRecords) throws {
    start = end.directory.lowerBound
    cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: contents[end.directory]))
    records.reserveCapacity(end.entryCount)
    var names: Set<String> = []
    names.reserveCapacity(end.entryCount)
    for index in 0..<end.entryCount {
      let offset = start + cursor.position
      let (name, record) = try next(index)
      guard names.insert(name).inserted else {
        throw FusionError(
          .torchZipDuplicateName, "two entries have one name", place: place(index, offset),
          expected: "every name once", found: TensorName.quoted(name) + " again", remedy: ZipRemedy.distrust)
      }
      if let record { records.append(record) }
    }
    guard cursor.remaining == 0 else {
      throw FusionError(
        .torchZipBadDirectory, "the central directory is longer than its entries",
        place: "offset \(start + cursor.position)", expected: "the end of \(end.entryCount) entries",
        found: "\(cursor.remaining) more bytes", remedy: ZipRemedy.download)
    }
    if let refusal = TorchContentKind(entryNames: names)?.refusal { throw refusal }
    if let firstNotPlain { throw firstNotPlain }
  }

  /// The next entry's name, and its record unless it is one that cannot be read.
  private mutating func next(_ index: Int) throws -> (name: String, record: ZipRecord?) {
    let offset = start + cursor.position
    // Texts are made for errors only: there are many entries.
    func place() -> String { self.place(index, offset) }
    guard let fixed = cursor.slice(ZipDirectory.fixedByteCount) else {
      throw truncated(place(), "\(ZipDirectory.fixedByteCount) bytes")
    }
    var fields = ZipFields(fixed)
    let found = fields.next32()
    guard found == ZipDirectory.signature else {
      throw FusionError(
        .torchZipBadDirectory, "the central directory is damaged", place: place(),
        expected: "the signature of an entry", found: "0x" + String(found, radix: 16), remedy: ZipRemedy.download)
    }
    _ = fields.next16()
    let version = fields.next16()
    let flags = fields.next16()
    let method = fields.next16()
    _ = fields.next32()
    let crc32 = fields.next32()
    let compressed = fields.next32()
    let uncompressed = fields.next32()
    let lengths = (name: Int(fields.next16()), extra: Int(fields.next16()), comment: Int(fields.next16()))
    let disk = fields.next16()
    _ = fields.next16()
    _ = fields.next32()
    let header = fields.next32()
    guard let nameBytes = cursor.slice(lengths.name), let extra = cursor.slice(lengths.extra) else {
      throw truncated(place(), "\(lengths.name) bytes of name and \(lengths.extra) bytes of extra fields")
    }
    let nameStart = offset + ZipDirectory.fixedByteCount
    let name = try ZipName.read(nameBytes, place: place())
    func named() -> String { place() + ", " + TensorName.quoted(name) }
    do {
      try ZipRecord.requirePlain(flags: flags, method: method, version: version, place: named())
    } catch let error as FusionError {
      firstNotPlain = firstNotPlain ?? error
      // Its comment, if any, is not looked at; the names of the others are still wanted.
      _ = cursor.slice(lengths.comment)
      return (name, nil)
    }
    guard lengths.comment == 0 else {
      throw FusionError(
        .torchZipComment, "an entry has a comment", place: named(), expected: "no comment",
        found: "\(lengths.comment) bytes", remedy: ZipRemedy.saveAgain)
    }
    guard disk == 0 else {
      throw FusionError(
        .torchZipSeveralDisks, "an entry is said to be on another disk", place: named(),
        expected: "the whole archive in one file", found: "disk \(disk)", remedy: ZipRemedy.download)
    }
    let numbers = try resolve((uncompressed, compressed, header), extra, named())
    guard numbers.uncompressed == numbers.compressed else {
      throw FusionError(
        .torchZipSizeMismatch, "a stored entry has two sizes", place: named(),
        expected: "\(numbers.uncompressed) bytes, as uncompressed", found: "\(numbers.compressed) bytes compressed",
        remedy: ZipRemedy.distrust)
    }
    // The local header has at least the fixed fields and the name; all of it lies before the directory.
    let range = CheckedArithmetic.range(offset: numbers.offset, count: numbers.uncompressed, limit: start)
    guard let range, range.count <= start - range.lowerBound - ZipDirectory.localByteCount - lengths.name else {
      throw FusionError(
        .torchZipOutOfBounds, "an entry does not fit in the file", place: named(),
        expected: "header and content before the central directory at offset \(start)",
        found: "\(numbers.uncompressed) bytes after a header at offset \(numbers.offset)", remedy: ZipRemedy.download)
    }
    let record = ZipRecord(
      name: name, nameRange: nameStart..<(nameStart + lengths.name), flags: flags, crc32: crc32,
      byteCount: range.count, headerOffset: range.lowerBound)
    guard !record.isFolder || record.byteCount == 0 else {
      throw FusionError(
        .torchZipUnsafeName, "a folder has content", place: named(), expected: "no bytes",
        found: "\(record.byteCount) bytes", remedy: ZipRemedy.distrust)
    }
    return (name, record)
  }

  /// The three numbers of an entry, from the Zip64 field where the 32-bit fields say so.
  private func resolve(
    _ short: (UInt32, UInt32, UInt32), _ extra: UnsafeRawBufferPointer, _ place: @autoclosure () -> String
  ) throws -> (uncompressed: UInt64, compressed: UInt64, offset: UInt64) {
    let content = try ZipExtraField.zip64Content(in: extra, place: place())
    var numbers = (uncompressed: UInt64(short.0), compressed: UInt64(short.1), offset: UInt64(short.2))
    let sentinel = ZipLimits.sentinel32
    let isLong = (numbers.uncompressed == sentinel, numbers.compressed == sentinel, numbers.offset == sentinel)
    let count = (isLong.0 ? 1 : 0) + (isLong.1 ? 1 : 0) + (isLong.2 ? 1 : 0)
    if count == 0, content == nil { return numbers }
    var long = try ZipExtraField.numbers(count, of: content, place: place()).makeIterator()
    if isLong.0 { numbers.uncompressed = long.next() ?? 0 }
    if isLong.1 { numbers.compressed = long.next() ?? 0 }
    if isLong.2 { numbers.offset = long.next() ?? 0 }
    return numbers
  }

  private func truncated(_ place: String, _ expected: String) -> FusionError {
    FusionError(
      .torchZipBadDirectory, "the central directory ends inside an entry", place: place, expected: expected,
      found: "\(cursor.remaining) bytes", remedy: ZipRemedy.download)
  }

  private func place(_ index: Int, _ offset: Int) -> String { "central directory, entry \(index), offset \(offset)" }
}
