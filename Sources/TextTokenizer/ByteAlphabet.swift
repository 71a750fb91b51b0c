/// The printable character that stands for each byte in byte-level vocabularies, as GPT-2 chose them.
enum ByteAlphabet {
  /// The character of each byte, in UTF-8.
  static let characters: [[UInt8]] = scalars.map { UTF8.encode($0).map(Array.init) ?? [] }

  /// The byte of each character.
  static let bytes: [UInt32: UInt8] = {
    var bytes: [UInt32: UInt8] = [:]
    for (byte, scalar) in scalars.enumerated() { bytes[scalar.value] = UInt8(truncatingIfNeeded: byte) }
    return bytes
  }()

  /// Visible Latin-1 characters stand for themselves, the other bytes for characters from U+0100 on.
  private static let scalars: [Unicode.Scalar] = {
    var scalars: [Unicode.Scalar] = []
    var next: UInt32 = 0x100
    for byte in UInt8.min...UInt8.max {
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: scalars.append(Unicode.Scalar(byte))
      default:
        scalars.append(Unicode.Scalar(next) ?? "\u{FFFD}")
        next += 1
      }
    }
    return scalars
  }()

  /// The text that stands for bytes.
  static func encode(_ text: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count * 2)
    for byte in text { output.append(contentsOf: characters[Int(byte)]) }
    return output
  }

  /// The bytes that a token stands for, or its own if it has a character that stands for none.
  static func decode(_ token: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(token.count)
    let isCoded = token.withUnsafeBufferPointer { buffer in
      var index = 0
      while index < buffer.count {
        guard let byte = bytes[UTF8Text.scalar(buffer, at: index).value] else { return false }
        output.append(byte)
        index += UTF8Text.length(first: buffer[index])
      }
      return true
    }
    return isCoded ? output : token
  }
}
