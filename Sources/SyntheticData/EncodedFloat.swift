/// A float as a tensor stores it, made from a float32 by rounding to nearest, ties to even.
protocol EncodedFloat {
  /// Rounds; `value` is finite and of moderate size.
  init(rounding value: Float)
}

/// The upper half of a float32.
struct BFloat16Pattern: EncodedFloat {
  let bits: UInt16

  @inline(__always)
  init(rounding value: Float) {
    let full = value.bitPattern
    bits = UInt16(truncatingIfNeeded: (full &+ 0x7FFF &+ ((full >> 16) & 1)) >> 16).littleEndian
  }
}

/// An IEEE 754 float16.
struct Float16Pattern: EncodedFloat {
  let bits: UInt16

  @inline(__always)
  init(rounding value: Float) {
    // Adding 2^(e + 13) rounds at the last bit that a float16 of that exponent keeps; below 2^-14 that bit is 2^-24.
    let magnitude = Float(bitPattern: value.bitPattern & 0x7FFF_FFFF)
    let exponent = max(magnitude.bitPattern >> 23, 113)
    let rounder = Float(bitPattern: (exponent &+ 13) << 23)
    let steps = (magnitude + rounder).bitPattern &- rounder.bitPattern
    let encoded = ((exponent &- 113) << 10) &+ steps
    bits = UInt16(truncatingIfNeeded: ((value.bitPattern >> 16) & 0x8000) | encoded).littleEndian
  }
}

/// A float32 as it is.
struct Float32Pattern: EncodedFloat {
  let bits: UInt32

  @inline(__always)
  init(rounding value: Float) { bits = value.bitPattern.littleEndian }
}
