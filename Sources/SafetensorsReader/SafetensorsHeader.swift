import FusionCore

/// The proven header of one safetensors file.
///
///     offset 0        8                 8 + N               file end
///            | N: u64 | N bytes of JSON | tensors, no gaps |
///
/// Reading goes in a fixed order: the cap on N, N against the file, UTF-8, JSON, checked arithmetic, all ranges
/// against each other and against the file. Only then does an entry exist.
public struct SafetensorsHeader: Sendable {
  /// The key of a header that is not a tensor.
  static let metadataKey = "__metadata__"

  /// Bytes of the length field at the start of a file.
  static let prefixByteCount = 8

  /// Tensors in the order of their bytes.
  public let entries: [SafetensorsEntry]
  /// What `__metadata__` says; empty if there is none.
  public let metadata: [String: String]
  /// Bytes before the first tensor: the length field and the header.
  public let dataOffset: Int

  /// Reads and proves the header of a file.
  ///
  /// Only the header's own bytes are touched, so a mapped file costs no more than its first pages.
  ///
  /// - Parameter contents: the whole file.
  /// - Throws: `FusionError` with a `safetensors` or `json` code; the caller adds the file's name.
  public init(contents: UnsafeRawBufferPointer) throws {
    let text = try SafetensorsHeader.text(of: contents)
    dataOffset = text.upperBound
    var parser = try SafetensorsHeaderParser(
      UnsafeRawBufferPointer(rebasing: contents[text]), fileByteCount: contents.count)
    try parser.parse()
    entries = try parser.contiguousEntries()
    metadata = parser.metadata ?? [:]
  }

  /// The range of the JSON text, proven to lie inside the file and below the cap.
  private static func text(of contents: UnsafeRawBufferPointer) throws -> Range<Int> {
    var cursor = ByteCursor(contents)
    guard let length = cursor.integer(UInt64.self) else {
      throw ForeignContent.recognise(contents)
        ?? FusionError(
          .safetensorsFileTooSmall, "the file is too short to be a safetensors file", place: "offset 0",
          expected: "at least \(prefixByteCount) bytes",
          found: contents.isEmpty ? "an empty file" : "\(contents.count) bytes", remedy: "download the file again")
    }
    let cap = UInt64(SafetensorsLimits.headerByteCount)
    guard length <= cap else {
      let formatCap = UInt64(SafetensorsLimits.formatHeaderByteCount)
      throw ForeignContent.recognise(contents)
        ?? FusionError(
          .safetensorsHeaderTooLarge, "the header is too long", place: "offset 0",
          expected: "a header of at most \(cap) bytes"
            + (length > formatCap ? " (the format itself stops at \(formatCap))" : ""),
          found: "a length of \(length)",
          remedy: length > formatCap
            ? "check that this is a safetensors file, and download it again"
            : "store the tensors in more files, so that each header gets shorter")
    }
    guard let range = CheckedArithmetic.range(offset: UInt64(prefixByteCount), count: length, limit: contents.count)
    else {
      let missing = length - UInt64(cursor.remaining)
      throw ForeignContent.recognise(contents)
        ?? FusionError(
          .safetensorsHeaderTruncated, "the file ends inside its header", place: "offset \(contents.count)",
          expected: "a header of \(length) bytes after offset \(prefixByteCount)",
          found: "\(cursor.remaining) bytes; at least \(missing) are missing", remedy: "download the file again")
    }
    return range
  }
}
