internal import CSHA256

/// SHA-256 of bytes that come in whole blocks until the last of them; of two messages side by side where that is faster.
struct BlockwiseSHA256 {
  /// Bytes of a block.
  static let blockByteCount = Int(CSHA256_BLOCK)
  /// Whether this processor can do it.
  static let isAvailable = csha256_is_available()

  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var byteCount = 0

  init() { precondition(Self.isAvailable, "SHA-256 on a processor without instructions for it") }

  /// Adds bytes to one message.
  ///
  /// - Precondition: whole blocks.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count % Self.blockByteCount == 0, "\(bytes.count) bytes are not whole blocks")
    byteCount += bytes.count
    guard let start = bytes.baseAddress else { return }
    csha256_add(&state, start.assumingMemoryBound(to: UInt8.self), bytes.count / Self.blockByteCount)
  }

  /// Adds equally many bytes to each of two messages.
  ///
  /// - Precondition: whole blocks.
  static func update(
    _ one: inout Self, _ bytes: UnsafeRawBufferPointer, _ other: inout Self, _ otherBytes: UnsafeRawBufferPointer
  ) {
    precondition(
      bytes.count % blockByteCount == 0 && bytes.count == otherBytes.count,
      "\(bytes.count) and \(otherBytes.count) bytes are not equally many whole blocks")
    one.byteCount += bytes.count
    other.byteCount += bytes.count
    guard let start = bytes.baseAddress, let otherStart = otherBytes.baseAddress else { return }
    csha256_add_pair(
      &one.state, start.assumingMemoryBound(to: UInt8.self), &other.state,
      otherStart.assumingMemoryBound(to: UInt8.self), bytes.count / blockByteCount)
  }

  /// The digest, after the last bytes, of which there may be any number.
  consuming func digest(endingIn bytes: UnsafeRawBufferPointer) -> [UInt8] {
    let rest = bytes.count % Self.blockByteCount
    update(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - rest)]))
    // A bit of 1, then zeros, then the number of bits in the last 8 bytes of a block.
    var ending = Array(bytes[(bytes.count - rest)...]) + [0x80]
    let bitCount = UInt64(byteCount + rest) * 8
    while ending.count % Self.blockByteCount != Self.blockByteCount - 8 { ending.append(0) }
    withUnsafeBytes(of: bitCount.bigEndian) { ending += $0 }
    ending.withUnsafeBytes { update($0) }
    return state.flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
  }
}
