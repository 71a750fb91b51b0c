/// Walks over UTF-8 that is known to be correct.
enum UTF8Text {
  /// The character that begins at an index.
  static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Unicode.Scalar {
    let first = UInt32(bytes[index])
    let value: UInt32
    switch length(first: bytes[index]) {
    case 1: value = first
    case 2: value = (first & 0x1F) << 6 | tail(bytes, index + 1)
    case 3: value = (first & 0x0F) << 12 | tail(bytes, index + 1) << 6 | tail(bytes, index + 2)
    default:
      value =
        (first & 0x07) << 18 | tail(bytes, index + 1) << 12 | tail(bytes, index + 2) << 6 | tail(bytes, index + 3)
    }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  /// The character that ends before an index, and where it begins.
  static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> (scalar: Unicode.Scalar, start: Int) {
    var start = end - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return (scalar(bytes, at: start), start)
  }

  /// Bytes of a character, told from its first byte.
  static func length(first byte: UInt8) -> Int {
    switch byte {
    case 0..<0xC0: 1
    case 0xC0..<0xE0: 2
    case 0xE0..<0xF0: 3
    default: 4
    }
  }

  /// Appends a character.
  static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: Unicode.UTF8.encode(scalar).map(Array.init) ?? UTF8.encodedReplacementCharacter)
  }

  /// The text that results from replacing every occurrence of a pattern, found from the left.
  static func replacing(_ pattern: [UInt8], with replacement: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    var replacer = TextReplacer(pattern: pattern, replacement: replacement)
    var output: [UInt8] = []
    replacer.append(bytes, to: &output)
    replacer.finish(to: &output)
    return output
  }

  private static func tail(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32 {
    index < bytes.count ? UInt32(bytes[index] & 0x3F) : 0
  }
}
