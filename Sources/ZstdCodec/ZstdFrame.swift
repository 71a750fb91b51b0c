import FusionCore

/// The header and the block structure of one zstd frame, proven before a decoder sees it.
///
/// zstd's own decoder is lenient where a container is strict: it skips skippable frames, goes on to the next frame,
/// and takes frames without a content size. Nothing is allocated here.
public struct ZstdFrame: Sendable, Equatable {
  /// Largest window in bytes that a frame may ask for (8 MiB), the one every zstd decoder is asked to support.
  public static let maximumWindowByteCount = 8 << 20

  /// Bytes that the frame says it decodes to.
  public let contentByteCount: Int
  /// Bytes of history that its blocks may refer to.
  public let windowByteCount: Int
  /// Blocks, the last one included.
  public let blockCount: Int

  static let magic: UInt32 = 0xFD2F_B528
  private static let skippableMagics: ClosedRange<UInt32> = 0x184D_2A50...0x184D_2A5F
  private static let largestBlock = 128 << 10

  /// Proves that `bytes` are exactly one frame of `contentByteCount` bytes.
  ///
  /// - Parameters:
  ///   - bytes: the whole compressed data.
  ///   - contentByteCount: the size that the caller's own index states; the frame must state the same.
  /// - Throws: `FusionError` without a file: `.zstdNotAFrame`, `.zstdSkippableFrame`, `.zstdTruncated`,
  ///   `.zstdReservedBit`, `.zstdDictionary`, `.zstdContentChecksum`, `.zstdContentSizeMissing`,
  ///   `.zstdContentSizeWrong`, `.zstdWindowTooLarge`, `.zstdReservedBlock`, `.zstdBlockTooLarge`,
  ///   `.zstdTrailingData`.
  public init(_ bytes: UnsafeRawBufferPointer, contentByteCount: Int) throws {
    var cursor = ByteCursor(bytes)
    let descriptor = try ZstdFrame.descriptor(&cursor)
    var window: UInt64 = 0
    if !descriptor.isSingleSegment {
      let byte: UInt8 = try ZstdFrame.next(&cursor)
      let base = UInt64(1) << (10 + UInt64(byte >> 3))
      window = base + base / 8 * UInt64(byte & 7)
    }
    let sizeOffset = cursor.position
    let content = try ZstdFrame.contentSize(descriptor, &cursor)
    guard content == UInt64(contentByteCount) else {
      throw FusionError.zstd(
        .zstdContentSizeWrong, "the compressed data states another size", at: sizeOffset,
        expected: "\(contentByteCount) bytes", found: "\(content) bytes")
    }
    if descriptor.isSingleSegment { window = content }
    guard window <= UInt64(ZstdFrame.maximumWindowByteCount) else {
      throw FusionError.zstd(
        .zstdWindowTooLarge, "the compressed data asks for a too large window", at: 5,
        expected: "at most \(ZstdFrame.maximumWindowByteCount) bytes", found: "\(window) bytes")
    }
    self.contentByteCount = contentByteCount
    windowByteCount = Int(window)
    blockCount = try ZstdFrame.walkBlocks(&cursor, window: Int(window), content: contentByteCount)
    guard cursor.remaining == 0 else {
      throw FusionError.zstd(
        .zstdTrailingData, "something follows the compressed data", at: cursor.position, expected: "the end",
        found: "\(cursor.remaining) more bytes")
    }
  }

  private struct Descriptor {
    let isSingleSegment: Bool
    let contentSizeFlag: UInt8
  }

  private static func descriptor(_ cursor: inout ByteCursor) throws -> Descriptor {
    let found: UInt32 = try next(&cursor)
    guard found == magic else {
      let skippable = skippableMagics.contains(found)
      throw FusionError.zstd(
        skippable ? .zstdSkippableFrame : .zstdNotAFrame,
        skippable ? "the compressed data starts with a skippable frame" : "the data is not a zstd frame", at: 0,
        expected: "magic number 0x\(String(magic, radix: 16))", found: "0x\(String(found, radix: 16))")
    }
    let byte: UInt8 = try next(&cursor)
    func refuse(_ code: FusionError.Code, _ summary: String, _ mask: UInt8) throws {
      guard byte & mask != 0 else { return }
      throw FusionError.zstd(
        code, summary, at: 4, expected: "bits 0x\(String(mask, radix: 16)) of the frame header clear",
        found: "0x\(String(byte & mask, radix: 16))")
    }
    try refuse(.zstdReservedBit, "a reserved bit of the compressed data is set", 0x18)
    try refuse(.zstdDictionary, "the compressed data needs a dictionary", 0x03)
    try refuse(.zstdContentChecksum, "the compressed data has a checksum of its own", 0x04)
    return Descriptor(isSingleSegment: byte & 0x20 != 0, contentSizeFlag: byte >> 6)
  }

  private static func contentSize(_ descriptor: Descriptor, _ cursor: inout ByteCursor) throws -> UInt64 {
    switch descriptor.contentSizeFlag {
    case 0 where descriptor.isSingleSegment: return UInt64(try next(&cursor) as UInt8)
    case 0:
      throw FusionError.zstd(
        .zstdContentSizeMissing, "the compressed data does not state its size", at: 4, expected: "a content size",
        found: "none")
    case 1: return UInt64(try next(&cursor) as UInt16) + 256
    case 2: return UInt64(try next(&cursor) as UInt32)
    default: return try next(&cursor) as UInt64
    }
  }

  private static func walkBlocks(_ cursor: inout ByteCursor, window: Int, content: Int) throws -> Int {
    let limit = min(window, largestBlock)
    // Raw and run-length blocks state what they decode to; a compressed block gives at least one byte.
    var known = 0
    var count = 0
    while true {
      let offset = cursor.position
      let low: UInt16 = try next(&cursor)
      let high: UInt8 = try next(&cursor)
      let header = Int(low) | Int(high) << 16
      let type = header >> 1 & 3
      let size = header >> 3
      guard type != 3 else {
        throw FusionError.zstd(
          .zstdReservedBlock, "a block of the compressed data has the reserved type", at: offset,
          expected: "type 0, 1 or 2", found: "type 3")
      }
      if type != 2 { known += size }
      guard size <= limit, known <= content else {
        throw FusionError.zstd(
          .zstdBlockTooLarge, "a block of the compressed data is too large", at: offset,
          expected: "at most \(limit) bytes, and \(content) in all", found: "\(size) bytes, \(known) in all")
      }
      let stored = type == 1 ? 1 : size
      guard cursor.slice(stored) != nil else { throw truncated(cursor) }
      count += 1
      if header & 1 == 1 { return count }
    }
  }

  private static func next<T: FixedWidthInteger>(_ cursor: inout ByteCursor) throws -> T {
    guard let value = cursor.integer(T.self) else { throw truncated(cursor) }
    return value
  }

  private static func truncated(_ cursor: ByteCursor) -> FusionError {
    FusionError.zstd(
      .zstdTruncated, "the compressed data ends too early", at: cursor.position, expected: "more bytes",
      found: "\(cursor.remaining) left")
  }
}
