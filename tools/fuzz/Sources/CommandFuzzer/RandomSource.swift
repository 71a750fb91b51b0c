/// Random numbers that a seed and the number of a run decide, so that any run can be repeated alone.
struct RandomSource: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, run: Int) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(run) &* 0xD1B5_4A32_D192_ED03
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 up to, but without, `bound`, which is 1 at least.
  mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

  /// True in one of so many cases.
  mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

  /// One of some values, of which there must be one.
  mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
}
