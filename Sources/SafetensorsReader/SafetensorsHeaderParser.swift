import FusionCore

/// Turns a header's JSON text into entries.
struct SafetensorsHeaderParser {
  private(set) var metadata: [String: String]?

  private let text: UnsafeRawBufferPointer
  private let fileByteCount: Int
  private let dataOffset: Int
  private var scanner: StrictJSONScanner
  private var names: Set<String> = []
  private var entries: [SafetensorsEntry] = []

  /// - Throws: `.jsonNotUTF8`.
  init(_ text: UnsafeRawBufferPointer, fileByteCount: Int) throws {
    self.text = text
    self.fileByteCount = fileByteCount
    dataOffset = SafetensorsHeader.prefixByteCount + text.count
    // An entry is an object in an object with lists in it.
    scanner = try StrictJSONScanner(text, origin: SafetensorsHeader.prefixByteCount, maximumDepth: 3)
  }

  /// Reads the whole text.
  mutating func parse() throws {
    guard text.first == UInt8(ascii: "{") else {
      throw FusionError(
        .safetensorsHeaderStart, "the header is not a JSON object",
        place: "offset \(SafetensorsHeader.prefixByteCount)",
        expected: "\"{\" as the first byte", found: text.first.map { "byte \($0)" } ?? "an empty header",
        remedy: SafetensorsHeaderParser.remedy)
    }
    try scanner.beginObject()
    while let name = try scanner.nextKey() {
      if name == SafetensorsHeader.metadataKey {
        try parseMetadata()
      } else {
        try parseEntry(name)
      }
    }
    guard let stray = text[scanner.position...].firstIndex(where: { $0 != 0x20 }) else { return }
    throw FusionError(
      .safetensorsHeaderPadding, "the header goes on after its JSON object",
      place: "offset \(SafetensorsHeader.prefixByteCount + stray)", expected: "nothing but spaces",
      found: "byte \(text[stray])", remedy: SafetensorsHeaderParser.remedy)
  }

  /// The entries in the order of their bytes, proven to fill the file from the header to its end exactly.
  ///
  /// - Throws: `.safetensorsOverlap`, `.safetensorsHole`, `.safetensorsTruncated`, `.safetensorsTrailingBytes`.
  func contiguousEntries() throws -> [SafetensorsEntry] {
    let sorted = entries.sorted {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
    }
    var end = dataOffset
    for (index, entry) in sorted.enumerated() {
      let start = entry.byteRange.lowerBound
      guard start == end else {
        let isOverlap = start < end
        let before = index == 0 ? "the header" : "tensor " + TensorName.quoted(sorted[index - 1].name)
        throw FusionError(
          isOverlap ? .safetensorsOverlap : .safetensorsHole,
          isOverlap ? "two tensors share bytes" : "bytes of the file belong to no tensor",
          place: "tensor " + TensorName.quoted(entry.name),
          expected: "a start at offset \(end), where \(before) ends", found: "a start at offset \(start)",
          remedy: SafetensorsHeaderParser.remedy)
      }
      end = entry.byteRange.upperBound
    }
    guard end <= fileByteCount else {
      let cut = sorted.first { $0.byteRange.upperBound > fileByteCount }
      throw FusionError(
        .safetensorsTruncated, "the file ends before its tensors do",
        place: cut.map { "tensor " + TensorName.quoted($0.name) }, expected: "a file of \(end) bytes",
        found: "\(fileByteCount) bytes; \(end - fileByteCount) bytes are missing",
        remedy: "the download or copy is not complete: start it again, or let it finish")
    }
    guard end == fileByteCount else {
      throw FusionError(
        .safetensorsTrailingBytes, "the file goes on after its last tensor", place: "offset \(end)",
        expected: "a file of \(end) bytes", found: "\(fileByteCount) bytes; \(fileByteCount - end) too many",
        remedy: SafetensorsHeaderParser.remedy)
    }
    return sorted
  }

  static let remedy = "download the file again; if the error stays, the program that wrote it is at fault"

  private mutating func parseMetadata() throws {
    guard metadata == nil else { throw duplicate(SafetensorsHeader.metadataKey, place: "header") }
    let kind = try scanner.kind()
    // As the format's own library has it since version 0.8.
    if kind == .null {
      try scanner.skipValue()
      metadata = [:]
      return
    }
    guard kind == .object else { throw badMetadata(key: nil, found: kind) }
    var values: [String: String] = [:]
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      guard try scanner.kind() == .string else { throw badMetadata(key: key, found: try scanner.kind()) }
      guard values.updateValue(try scanner.string(), forKey: key) == nil else {
        throw duplicate(key, place: SafetensorsHeader.metadataKey)
      }
      guard values.count <= SafetensorsLimits.metadataEntries else {
        throw tooMany("metadata entries", limit: SafetensorsLimits.metadataEntries)
      }
    }
    metadata = values
  }

  private mutating func parseEntry(_ name: String) throws {
    try TensorName.check(
      name, code: .safetensorsUnsafeName, place: "offset \(SafetensorsHeader.prefixByteCount + scanner.position)")
    guard names.insert(name).inserted else { throw duplicate(name, place: "header") }
    guard entries.count < SafetensorsLimits.tensorsPerFile else {
      throw tooMany("tensors", limit: SafetensorsLimits.tensorsPerFile)
    }
    let fields = try SafetensorsEntryFields(of: name, from: &scanner)
    entries.append(try fields.entry(dataOffset: dataOffset))
  }

  private func badMetadata(key: String?, found: StrictJSONKind) -> FusionError {
    FusionError(
      .safetensorsBadMetadata, "the metadata is not an object of strings",
      place: SafetensorsHeader.metadataKey + (key.map { ", key " + TensorName.quoted($0) } ?? ""),
      expected: key == nil ? "an object" : "a string", found: found.phrase, remedy: SafetensorsHeaderParser.remedy)
  }

  private func duplicate(_ name: String, place: String) -> FusionError {
    FusionError(
      .safetensorsDuplicateName, "a name is used twice", place: place, expected: "every name once",
      found: TensorName.quoted(name) + " a second time before offset "
        + "\(SafetensorsHeader.prefixByteCount + scanner.position)",
      remedy: SafetensorsHeaderParser.remedy)
  }

  private func tooMany(_ what: String, limit: Int) -> FusionError {
    FusionError(
      .safetensorsTooManyEntries, "the header lists too many \(what)", place: "header",
      expected: "at most \(limit) \(what)", found: "at least one more",
      remedy: "store the tensors in more files")
  }
}
