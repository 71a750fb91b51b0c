/// Where the parts of a JSON text lie; found by brackets and quotes alone, so that any text gives some.
struct JSONSpans {
  /// A member of an object: its key with the quotes, and key, colon and value together.
  struct Member {
    let key: Range<Int>
    let value: Range<Int>
    var whole: Range<Int> { key.lowerBound..<value.upperBound }
  }

  private(set) var values: [Range<Int>] = []
  private(set) var numbers: [Range<Int>] = []
  private(set) var strings: [Range<Int>] = []
  private(set) var members: [Member] = []
  private(set) var elements: [Range<Int>] = []

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// Takes the first value of some bytes, or as much of it as there is; deeper levels than 64 are not looked into.
  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
    _ = value(depth: 0)
  }

  private mutating func skipSpaces() {
    while position < bytes.endIndex, bytes[position] <= 0x20 { position += 1 }
  }

  private mutating func value(depth: Int) -> Range<Int>? {
    skipSpaces()
    guard position < bytes.endIndex, depth < 64 else { return nil }
    let start = position
    switch bytes[position] {
    case UInt8(ascii: "{"): object(depth)
    case UInt8(ascii: "["): array(depth)
    case UInt8(ascii: "\""):
      string()
      strings.append(start..<position)
    default:
      while position < bytes.endIndex, !Array(",]}: \n".utf8).contains(bytes[position]) { position += 1 }
      guard position > start else { return nil }
      if bytes[start] == UInt8(ascii: "-") || (0x30...0x39).contains(bytes[start]) { numbers.append(start..<position) }
    }
    values.append(start..<position)
    return start..<position
  }

  private mutating func string() {
    position += 1
    while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\"") {
      position = min(position + (bytes[position] == UInt8(ascii: "\\") ? 2 : 1), bytes.endIndex)
    }
    position = min(position + 1, bytes.endIndex)
  }

  private mutating func object(_ depth: Int) {
    position += 1
    while true {
      skipSpaces()
      guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "\"") else { break }
      let key = position
      string()
      let end = position
      skipSpaces()
      guard position < bytes.endIndex, bytes[position] == UInt8(ascii: ":") else { break }
      position += 1
      guard let value = value(depth: depth + 1) else { break }
      members.append(Member(key: key..<end, value: value))
      skipSpaces()
      guard position < bytes.endIndex, bytes[position] == UInt8(ascii: ",") else { break }
      position += 1
    }
    if position < bytes.endIndex { position += 1 }
  }

  private mutating func array(_ depth: Int) {
    position += 1
    while let element = value(depth: depth + 1) {
      elements.append(element)
      skipSpaces()
      guard position < bytes.endIndex, bytes[position] == UInt8(ascii: ",") else { break }
      position += 1
    }
    if position < bytes.endIndex { position += 1 }
  }
}
