/// Random bits as a pure function of a key and a counter.
///
/// There is no state to share or to advance: any part of a tensor can be made alone, in any order, on any thread.
struct CounterRandom {
  /// Mixes every bit of the input into every bit of the output.
  ///
  /// The finishing step of the SplitMix64 generator: a bijection, so different inputs never collide.
  @inline(__always)
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  let key: UInt64

  /// The generator of one key.
  @inline(__always)
  init(key: UInt64) { self.key = key }

  /// The generator of one stream of a named thing.
  ///
  /// - Parameters:
  ///   - seed: the user's seed.
  ///   - name: whatever tells this thing from others.
  ///   - stream: tells apart independent uses of the same name.
  init(seed: UInt64, name: String, stream: UInt64) {
    // FNV-1a: short, and stable from one release to the next, unlike the standard library's hash.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    key = CounterRandom.mixed(CounterRandom.mixed(seed &+ stream &* 0xD6E8_FEB8_6659_FD93) ^ hash)
  }

  /// The 64 bits that belong to a counter.
  @inline(__always)
  func bits(_ counter: UInt64) -> UInt64 {
    // The odd step spreads neighbouring counters over the whole range before they are mixed.
    CounterRandom.mixed(key &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// A number in 0 ..< 1 that belongs to a counter.
  func unit(_ counter: UInt64) -> Double { Double(bits(counter) >> 11) * 0x1p-53 }
}
