import FusionCore

/// Holds the header before an entry's content, and the descriptor after it, against the central directory.
struct ZipLocalHeader {
  static let signature: UInt32 = 0x0403_4B50
  private static let fixedByteCount = 30
  static let descriptorSignature: UInt32 = 0x0807_4B50
  /// Sizes of a descriptor: with a signature or without, sizes of 32 or 64 bits.
  private static let descriptorByteCounts = [16, 24, 12, 20]

  private let contents: UnsafeRawBufferPointer
  private let record: ZipRecord
  private let boundary: Int

  /// Names an entry to check.
  ///
  /// - Parameters:
  ///   - contents: the whole file, of which only header and descriptor are touched.
  ///   - record: what the central directory says.
  ///   - boundary: where the next entry or the central directory starts.
  init(_ contents: UnsafeRawBufferPointer, record: ZipRecord, boundary: Int) {
    self.contents = contents
    self.record = record
    self.boundary = boundary
  }

  /// Proves everything that lies between the start of the header and the boundary.
  ///
  /// - Returns: where the content lies.
  /// - Throws: a `torch.zip…` code.
  func check() throws -> Range<Int> {
    let start = record.headerOffset
    // The directory proved that this does not overflow.
    let least = ZipLocalHeader.fixedByteCount + record.nameRange.count + record.byteCount
    guard least <= boundary - start else { throw overlap(least) }
    var fields = ZipFields(UnsafeRawBufferPointer(rebasing: contents[start..<boundary]))
    let found = fields.next32()
    guard found == ZipLocalHeader.signature else {
      throw FusionError(
        .torchZipNoLocalHeader, "an entry does not start where the central directory says", place: place,
        expected: "the signature of a local header", found: "0x" + String(found, radix: 16),
        remedy: ZipRemedy.download)
    }
    let version = fields.next16()
    let flags = fields.next16()
    let method = fields.next16()
    _ = fields.next32()
    let crc32 = fields.next32()
    let compressed = fields.next32()
    let uncompressed = fields.next32()
    let nameByteCount = Int(fields.next16())
    let extraByteCount = Int(fields.next16())
    try requireEqual("flags", flags, record.flags)
    try requireEqual("method", method, 0)
    try ZipRecord.requirePlain(flags: flags, method: method, version: version, place: place)
    try checkName(nameByteCount, fields.slice(record.nameRange.count))
    guard extraByteCount <= boundary - start - least, let extra = fields.slice(extraByteCount) else {
      throw overlap(least + extraByteCount)
    }
    if !(record.hasDescriptor && crc32 == 0) { try requireEqual("checksum", crc32, record.crc32) }
    try checkSizes(compressed: compressed, uncompressed: uncompressed, extra)
    let dataStart = start + fields.position
    let dataEnd = dataStart + record.byteCount
    try checkTail(from: dataEnd)
    return dataStart..<dataEnd
  }

  private func checkName(_ byteCount: Int, _ bytes: UnsafeRawBufferPointer?) throws {
    let expected = UnsafeRawBufferPointer(rebasing: contents[record.nameRange])
    guard let bytes, byteCount == bytes.count, bytes.elementsEqual(expected) else {
      let start = record.headerOffset + ZipLocalHeader.fixedByteCount
      let other = contents[start..<min(boundary, start + byteCount)]
      throw FusionError(
        .torchZipNameMismatch, "an entry has two names", place: place,
        expected: "the name of the central directory", found: TensorName.quoted(String(decoding: other, as: UTF8.self)),
        remedy: ZipRemedy.distrust)
    }
  }

  /// Sizes stand in the header, in a Zip64 field, or only after the content.
  ///
  /// With a Zip64 field the standard asks for both sizes in it, and the value for "see there" in the header. PyTorch's
  /// writer leaves zeros in the header, does not know the second size yet, and adds the header's own offset once
  /// that needs more than 32 bits.
  private func checkSizes(compressed: UInt32, uncompressed: UInt32, _ extra: UnsafeRawBufferPointer) throws {
    let size = UInt64(record.byteCount)
    let content = try ZipExtraField.zip64Content(in: extra, place: place)
    let short = (uncompressed: UInt64(uncompressed), compressed: UInt64(compressed))
    func require(_ value: UInt64) throws {
      if value == size || record.hasDescriptor && value == 0 { return }
      try requireEqual("size", value, size)
    }
    if short.uncompressed == ZipLimits.sentinel32 || short.compressed == ZipLimits.sentinel32 {
      try requireEqual("32-bit size", short.uncompressed, short.compressed)
      for value in try ZipExtraField.numbers(2, of: content, place: place) { try require(value) }
      return
    }
    try require(short.uncompressed)
    try require(short.compressed)
    guard let content else { return }
    let hasSizes = size >= ZipLimits.sentinel32
    let hasOffset = UInt64(record.headerOffset) >= ZipLimits.sentinel32
    let long = try ZipExtraField.numbers((hasSizes ? 2 : 0) + (hasOffset ? 1 : 0), of: content, place: place)
    if hasSizes { for value in long.prefix(2) { try require(value) } }
    if hasOffset, let last = long.last { try requireEqual("offset", last, UInt64(record.headerOffset)) }
  }

  /// What follows the content: a descriptor if the flags say so, and nothing else.
  private func checkTail(from end: Int) throws {
    let tail = UnsafeRawBufferPointer(rebasing: contents[end..<boundary])
    if !record.hasDescriptor {
      if !tail.isEmpty { throw gap(end) }
      return
    }
    if ZipLocalHeader.descriptorByteCounts.contains(tail.count), isDescriptor(tail) { return }
    for count in ZipLocalHeader.descriptorByteCounts where count < tail.count {
      if isDescriptor(UnsafeRawBufferPointer(rebasing: tail[..<count])) { throw gap(end + count) }
    }
    throw FusionError(
      .torchZipBadDescriptor, "the data descriptor of an entry is missing or wrong", place: place,
      expected: "checksum 0x\(String(record.crc32, radix: 16)) and \(record.byteCount) bytes at offset \(end)",
      found: "other values in \(tail.count) bytes", remedy: ZipRemedy.download)
  }

  private func isDescriptor(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var cursor = ByteCursor(bytes)
    if bytes.count % 8 == 0, cursor.integer(UInt32.self) != ZipLocalHeader.descriptorSignature { return false }
    guard cursor.integer(UInt32.self) == record.crc32 else { return false }
    for _ in 0..<2 {
      let size = bytes.count < 20 ? cursor.integer(UInt32.self).map(UInt64.init) : cursor.integer(UInt64.self)
      if size != UInt64(record.byteCount) { return false }
    }
    return true
  }

  private func requireEqual<T: BinaryInteger>(_ field: StaticString, _ found: T, _ expected: T) throws {
    guard found != expected else { return }
    throw FusionError(
      .torchZipHeaderMismatch, "an entry is described in two ways", place: place,
      expected: "\(field) \(expected), as in the central directory", found: "\(found)", remedy: ZipRemedy.distrust)
  }

  private func overlap(_ byteCount: Int) -> FusionError {
    FusionError(
      .torchZipOverlap, "two entries overlap", place: place,
      expected: "\(byteCount) bytes or more up to the next entry or the central directory",
      found: "\(boundary - record.headerOffset) bytes", remedy: ZipRemedy.distrust)
  }

  private func gap(_ start: Int) -> FusionError {
    var cursor = ByteCursor(UnsafeRawBufferPointer(rebasing: contents[start..<boundary]))
    let isEntry = cursor.integer(UInt32.self) == ZipLocalHeader.signature
    return FusionError(
      isEntry ? .torchZipUnlistedEntry : .torchZipGap,
      isEntry ? "the central directory leaves out an entry" : "bytes after an entry belong to none",
      place: "offset \(start)", expected: "the next entry or the central directory",
      found: "\(boundary - start) bytes" + (isEntry ? " that start as an entry does" : ""),
      remedy: ZipRemedy.distrust)
  }

  private var place: String { "local header, offset \(record.headerOffset), " + TensorName.quoted(record.name) }
}
