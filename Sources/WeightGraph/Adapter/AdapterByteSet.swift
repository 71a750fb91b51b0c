/// Some of the 256 bytes, one bit each, without memory of its own: a program has one set for every character.
struct AdapterByteSet: Sendable, Hashable {
  private var bits = SIMD4<UInt64>()

  init(_ bytes: some Sequence<UInt8> = []) { for byte in bytes { insert(byte) } }

  mutating func insert(_ byte: UInt8) { bits[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

  mutating func formUnion(_ other: AdapterByteSet) { bits |= other.bits }

  func contains(_ byte: UInt8) -> Bool { bits[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

  var inverted: AdapterByteSet {
    var result = self
    result.bits = ~bits
    return result
  }

  static let digits = AdapterByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  static let words = {
    var set = AdapterByteSet(UInt8(ascii: "a")...UInt8(ascii: "z"))
    set.formUnion(AdapterByteSet(UInt8(ascii: "A")...UInt8(ascii: "Z")))
    set.formUnion(digits)
    set.insert(UInt8(ascii: "_"))
    return set
  }()
  static let spaces = AdapterByteSet([9, 10, 11, 12, 13, 32])
  /// What `.` stands for: everything but the end of a line.
  static let any = AdapterByteSet([10]).inverted
}
