import FusionCore

/// The arguments that follow an opcode's byte.
extension PickleMachine {
  /// Proves that so many bytes follow, and hands out where.
  mutating func take(_ byteCount: UInt64) throws -> Range<Int> {
    guard let range = CheckedArithmetic.range(offset: UInt64(position), count: byteCount, limit: bytes.count) else {
      throw refusal(
        .torchPickleTruncated, "the data ends inside an opcode's argument", expected: "\(byteCount) bytes",
        found: "\(bytes.count - position) bytes", remedy: "the download or copy is not complete: start it again")
    }
    guard range.upperBound <= end else { throw tooLarge("bytes", limit: PickleLimits.byteCount) }
    position = range.upperBound
    return range
  }

  /// The next little-endian number.
  mutating func number<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
    guard end - position >= MemoryLayout<T>.size else {
      _ = try take(UInt64(MemoryLayout<T>.size))
      preconditionFailure("bytes that are there and are not")
    }
    defer { position += MemoryLayout<T>.size }
    return T(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: T.self))
  }

  /// The bytes up to the next line feed, which is consumed and not part of them.
  mutating func line() throws -> Range<Int> {
    let limit = min(end, position + PickleLimits.lineByteCount + 1)
    guard let feed = bytes[position..<limit].firstIndex(of: UInt8(ascii: "\n")) else {
      if limit == bytes.count {
        throw refusal(
          .torchPickleTruncated, "the data ends inside an opcode's argument", expected: "a line feed",
          found: "the end of the data", remedy: "the download or copy is not complete: start it again")
      }
      throw tooLarge("bytes of a line", limit: PickleLimits.lineByteCount)
    }
    defer { position = feed + 1 }
    return position..<feed
  }

  /// A length in front of data; the signed forms of old protocols are proven not to be negative.
  mutating func length(_ opcode: PickleOpcode) throws -> UInt64 {
    switch opcode {
    case .shortBinUnicode, .shortBinBytes, .shortBinString, .long1: return UInt64(try number(UInt8.self))
    case .binUnicode, .binBytes: return UInt64(try number(UInt32.self))
    case .binUnicode8, .binBytes8, .byteArray8: return try number(UInt64.self)
    default:
      let length = try number(Int32.self)
      guard let positive = UInt64(exactly: length) else {
        throw refusal(.torchPickleBadLength, "a length is negative", expected: "0 or more", found: "\(length)")
      }
      return positive
    }
  }

  mutating func pushText(_ opcode: PickleOpcode) throws {
    let range = try take(try length(opcode))
    guard let text = text(in: range) else {
      throw refusal(
        .torchPickleBadText, "a text is not UTF-8", expected: "UTF-8", found: "\(range.count) bytes of something else")
    }
    try charge(text.utf8.count > 15 ? 48 + text.utf8.count : 0)
    try push(.text(text))
  }

  /// Python 2 had one type for text and bytes: what is text is taken as text, as its names of tensors are.
  mutating func pushOldString(_ opcode: PickleOpcode) throws {
    let range = try take(try length(opcode))
    try charge(48 + range.count)
    try push(text(in: range).map(Value.text) ?? .bytes([UInt8](bytes[range])))
  }

  mutating func pushBytes(_ opcode: PickleOpcode) throws {
    let range = try take(try length(opcode))
    try charge(48 + range.count)
    try push(.bytes([UInt8](bytes[range])))
  }

  private func text(in range: Range<Int>) -> String? {
    String(validating: bytes[range], as: UTF8.self)
  }
}
