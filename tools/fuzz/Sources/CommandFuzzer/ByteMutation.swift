/// Changes of bytes that know nothing of any form.
enum ByteMutation {
  private static let interesting: [UInt64] = [
    0, 1, 2, 7, 8, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32, 1 << 40,
    1 << 62, .max >> 1, .max, .max - 7,
  ]

  /// The bytes with one change within a range, which may be empty.
  static func change(_ bytes: [UInt8], in range: Range<Int>, _ random: inout RandomSource) -> [UInt8] {
    var bytes = bytes
    guard !range.isEmpty else { return bytes + [UInt8(random.below(256))] }
    let place = range.lowerBound + random.below(range.count)
    let length = min(1 << random.below(8), range.upperBound - place)
    switch random.below(9) {
    case 0: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1: bytes[place] = UInt8(random.below(256))
    case 2: bytes[place] = random.pick([0, 0xFF, 0x7F, 0x80, 0x0A, 0x09, 0x22, 0x2C])
    case 3:
      let value = random.pick(interesting)
      let isBigEndian = random.oneIn(4)
      let width = min(random.pick([2, 4, 8]), range.upperBound - place)
      for byte in 0..<width {
        bytes[place + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (isBigEndian ? width - 1 - byte : byte)))
      }
    case 4: bytes.removeSubrange(place..<(place + length))
    case 5: bytes.insert(contentsOf: (0..<length).map { _ in UInt8(random.below(256)) }, at: place)
    case 6: bytes.insert(contentsOf: bytes[place..<(place + length)], at: range.lowerBound + random.below(range.count))
    case 7:
      for byte in place..<(place + length) { bytes[byte] = random.oneIn(2) ? 0 : 0xFF }
    default:
      let other = range.lowerBound + random.below(range.upperBound - length - range.lowerBound + 1)
      for byte in 0..<length { bytes.swapAt(place + byte, other + byte) }
    }
    return bytes
  }

  /// A beginning of the bytes, a short one as often as a long one, or none.
  static func cut(_ bytes: [UInt8], _ random: inout RandomSource) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    switch random.below(4) {
    case 0: return Array(bytes.prefix(random.below(min(bytes.count, 128) + 1)))
    case 1: return Array(bytes.dropLast(1 + random.below(min(bytes.count, 128))))
    default: return Array(bytes.prefix(random.below(bytes.count)))
    }
  }
}
