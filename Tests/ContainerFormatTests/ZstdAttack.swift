import FusionCore
import Testing
import ZstdCodec

/// A hand-made zstd frame of 100 bytes 0xAA that breaks one rule.
struct ZstdAttack: Sendable, CustomTestStringConvertible {
  let row: String
  let name: String
  let code: FusionError.Code
  let bytes: [UInt8]

  var testDescription: String { "\(row) \(name)" }

  private init(_ row: String, _ name: String, _ code: FusionError.Code, _ bytes: [UInt8]) {
    self.row = row
    self.name = name
    self.code = code
    self.bytes = bytes
  }

  static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
  /// Size that every frame is expected to decode to.
  static let contentByteCount = 100
  /// A frame that breaks no rule: one segment, size in one byte.
  static let valid = magic + [0x20, 100] + block(.runLength, 100, [0xAA])

  enum BlockType: Int { case raw, runLength, compressed, reserved }

  static func block(_ type: BlockType, _ size: Int, _ content: [UInt8], isLast: Bool = true) -> [UInt8] {
    let header = size << 3 | type.rawValue << 1 | (isLast ? 1 : 0)
    return (0..<3).map { UInt8(truncatingIfNeeded: header >> (8 * $0)) } + content
  }

  private static let body = block(.runLength, 100, [0xAA])
  private static let size4: [UInt8] = [100, 0, 0, 0]

  static let all: [ZstdAttack] = [
    ZstdAttack("C8", "empty", .zstdTruncated, []),
    ZstdAttack("C8", "no frame", .zstdNotAFrame, [UInt8](repeating: 0, count: 20)),
    ZstdAttack("C8", "content size absent", .zstdContentSizeMissing, magic + [0x00, 0x00] + body),
    ZstdAttack(
      "C8", "content size too large", .zstdContentSizeWrong, magic + [0x20, 101] + block(.runLength, 101, [0])),
    ZstdAttack("C8", "content size too small", .zstdContentSizeWrong, magic + [0x20, 99] + block(.runLength, 99, [0])),
    ZstdAttack(
      "C8", "content size of 2^64 - 1", .zstdContentSizeWrong, magic + [0xE0] + [UInt8](repeating: 255, count: 8) + body
    ),
    ZstdAttack("C8", "decodes to less", .zstdCorrupt, magic + [0x20, 100] + block(.runLength, 99, [0])),
    ZstdAttack("C9", "window of 2 GiB", .zstdWindowTooLarge, magic + [0x80, 0xA8] + size4 + body),
    ZstdAttack("C9", "window of 9 MiB", .zstdWindowTooLarge, magic + [0x80, 0x69] + size4 + body),
    ZstdAttack("C9", "largest window that can be written", .zstdWindowTooLarge, magic + [0x80, 0xFF] + size4 + body),
    ZstdAttack(
      "C9", "run of 2 MiB", .zstdBlockTooLarge, magic + [0x80, 0x68] + size4 + block(.runLength, (1 << 21) - 1, [0])),
    ZstdAttack("C9", "run above the content", .zstdBlockTooLarge, magic + [0x20, 100] + block(.runLength, 101, [0])),
    ZstdAttack(
      "C9", "many runs", .zstdBlockTooLarge,
      magic + [0x20, 100] + (0..<8).flatMap { _ in block(.runLength, 100, [0], isLast: false) } + body),
    ZstdAttack(
      "C9", "compressed block that decodes to more", .zstdCorrupt,
      // Literals: run of 200 bytes, 0 sequences.
      magic + [0x20, 100] + block(.compressed, 4, [0x85, 0x0C, 0xAA, 0x00])),
    ZstdAttack(
      "C10", "skippable frame first", .zstdSkippableFrame, [0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 1, 2] + valid),
    ZstdAttack("C10", "last skippable magic", .zstdSkippableFrame, [0x5F, 0x2A, 0x4D, 0x18, 0, 0, 0, 0] + valid),
    ZstdAttack("C10", "dictionary", .zstdDictionary, magic + [0x21, 7, 100] + body),
    ZstdAttack("C10", "dictionary of four bytes", .zstdDictionary, magic + [0x23, 0, 0, 0, 0, 100] + body),
    ZstdAttack("C10", "reserved bit", .zstdReservedBit, magic + [0x28, 100] + body),
    ZstdAttack("C10", "unused bit", .zstdReservedBit, magic + [0x30, 100] + body),
    ZstdAttack("C10", "content checksum", .zstdContentChecksum, magic + [0x24, 100] + body + [0, 0, 0, 0]),
    ZstdAttack("C10", "reserved block type", .zstdReservedBlock, magic + [0x20, 100] + block(.reserved, 1, [0])),
    ZstdAttack("C10", "second frame", .zstdTrailingData, valid + valid),
    ZstdAttack("C10", "skippable frame behind", .zstdTrailingData, valid + [0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0]),
    ZstdAttack("C10", "a byte behind", .zstdTrailingData, valid + [0]),
    ZstdAttack(
      "C8", "no last block", .zstdTruncated, magic + [0x20, 100] + block(.runLength, 100, [0xAA], isLast: false)),
  ]
}
