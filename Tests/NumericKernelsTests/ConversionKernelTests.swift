import FusionCore
import NumericKernels
import TestSupport
import Testing

/// Conversions against definitions by value, written without the bit tricks of the kernels.
@Suite struct ConversionKernelTests {
  private func widened(_ patterns: [UInt16], _ type: DType, _ kernels: KernelSet) -> [UInt32] {
    var result = [Float](repeating: .nan, count: patterns.count)
    patterns.withUnsafeBytes { source in
      result.withUnsafeMutableBufferPointer { kernels.widen(source, type: type, into: $0) }
    }
    return result.map(\.bitPattern)
  }

  private func narrowed(_ values: [Float], _ type: DType, _ kernels: KernelSet) -> [UInt16] {
    var result = [UInt16](repeating: 0xAAAA, count: values.count)
    values.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBytes { kernels.narrow(source, type: type, into: $0) }
    }
    return result
  }

  /// The value of a float16 from its parts; NaN keeps sign and mantissa.
  private func float32(ofFloat16 half: UInt16) -> UInt32 {
    let (exponent, mantissa) = (Int(half >> 10 & 31), Int(half & 1023))
    let sign = UInt32(half >> 15) << 31
    if exponent == 31 { return sign | 0x7F80_0000 | UInt32(mantissa) << 13 }
    let scaled = exponent == 0 ? Double(mantissa) : Double(1024 + mantissa)
    let value = scaled * Double(sign: .plus, exponent: max(exponent, 1) - 25, significand: 1)
    return sign | Float(value).bitPattern
  }

  /// The nearest bfloat16 by distance; the even one of two equally near.
  private func bfloat16(of value: Float) -> UInt16 {
    let sign = UInt16(value.bitPattern >> 31) << 15
    let magnitude = Double(abs(value))
    if value.isNaN { return UInt16(value.bitPattern >> 16) | 0x40 }
    if value.isInfinite { return sign | 0x7F80 }
    let below = UInt16(abs(value).bitPattern >> 16)
    func number(_ pattern: UInt16) -> Double {
      // Past the greatest finite number the steps go on evenly.
      pattern == 0x7F80
        ? Double(sign: .plus, exponent: 128, significand: 1)
        : Double(Float(bitPattern: UInt32(pattern) << 16))
    }
    let (down, up) = (magnitude - number(below), number(below + 1) - magnitude)
    return sign | (down < up || (down == up && below % 2 == 0) ? below : below + 1)
  }

  private func bytes<Pattern: FixedWidthInteger>(of patterns: [Pattern]) -> [UInt8] {
    var result: [UInt8] = []
    for pattern in patterns {
      for shift in stride(from: 0, to: Pattern.bitWidth, by: 8) {
        result.append(UInt8(truncatingIfNeeded: pattern >> Pattern(shift)))
      }
    }
    return result
  }

  @Test func widenEveryBFloat16() throws {
    let patterns = Array(UInt16.min...UInt16.max)
    for kernels in try Levels.all() {
      #expect(widened(patterns, .bf16, kernels) == patterns.map { UInt32($0) << 16 }, "\(kernels.level)")
    }
  }

  @Test func widenEveryFloat16() throws {
    let patterns = Array(UInt16.min...UInt16.max)
    let expected = patterns.map(float32(ofFloat16:))
    #expect(expected[0x3C00] == Float(1).bitPattern)
    #expect(expected[0x0001] == Float(0x1p-24).bitPattern)
    #expect(expected[0xFBFF] == Float(-65504).bitPattern)
    for kernels in try Levels.all() { #expect(widened(patterns, .f16, kernels) == expected, "\(kernels.level)") }
  }

  @Test(arguments: [DType.bf16, .f16])
  func wideningIsUndoneByNarrowing(type: DType) throws {
    let patterns = Array(UInt16.min...UInt16.max)
    for kernels in try Levels.all() {
      let values = widened(patterns, type, kernels).map(Float.init(bitPattern:))
      let back = narrowed(values, type, kernels)
      for (before, (value, after)) in zip(patterns, zip(values, back)) where before != after {
        // Only a NaN may come back in another, quiet, form.
        let isQuiet = type == .bf16 ? after == before | 0x40 : after == before & 0x8000 | 0x7E00
        #expect(value.isNaN && isQuiet, "\(before) came back as \(after) on \(kernels.level)")
      }
    }
  }

  /// Ties, their neighbours, the ends of the ranges, and random patterns.
  private func narrowCases() -> [Float] {
    var cases: [Float] = [0, -0.0, .infinity, -.infinity, .nan, -.nan, .signalingNaN, .greatestFiniteMagnitude]
    cases += [65504, 65519.996, 65520, 65520.004, 65536, 1e6, -65520, 0x1p-14, 0x1p-24, 0x1p-25, 0x1.000002p-25]
    cases += [0x1.8p-25, 0x1p-26, .leastNormalMagnitude, .leastNonzeroMagnitude, 0x1.FFFFFEp-15, -0x1.FFFp-15]
    cases += [Float(bitPattern: 0x7F7F_7FFF), Float(bitPattern: 0x7F7F_8000), Float(bitPattern: 0x7F80_0001)]
    cases += [Float(bitPattern: 0xFFFF_FFFF), Float(bitPattern: 0x7FBF_FFFF), Float(bitPattern: 0x0000_8000)]
    for upper in stride(from: UInt32(0), through: 0xFFFF, by: 7) {
      for lower in [0, 1, 0x0FFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0x8001, 0xFFFF] as [UInt32] {
        cases.append(Float(bitPattern: upper << 16 | lower))
      }
    }
    var generator = SplitMix64(seed: 3)
    for _ in 0..<100_000 { cases.append(Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))) }
    // Halves are narrow: random patterns in their range too.
    for _ in 0..<100_000 {
      let magnitude = UInt32.random(in: 0x3200_0000...0x4780_0000, using: &generator)
      cases.append(Float(bitPattern: magnitude | (Bool.random(using: &generator) ? 0x8000_0000 : 0)))
    }
    return cases
  }

  @Test func narrowToBFloat16() throws {
    let cases = narrowCases()
    let expected = cases.map(bfloat16(of:))
    #expect(bfloat16(of: 1.00390625) == 0x3F80 && bfloat16(of: 1.01171875) == 0x3F82, "ties go to even")
    #expect(bfloat16(of: .greatestFiniteMagnitude) == 0x7F80)
    for kernels in try Levels.all() {
      let found = narrowed(cases, .bf16, kernels)
      let wrong = cases.indices.first { found[$0] != expected[$0] }
      #expect(wrong.map { cases[$0] } == nil, "\(kernels.level)")
    }
  }

  @Test func narrowToFloat16() throws {
    let cases = narrowCases()
    // NaN has one form; everything else is what the language's own conversion gives.
    let expected = cases.map { value in
      value.isNaN ? UInt16(value.bitPattern >> 16) & 0x8000 | 0x7E00 : Float16(value).bitPattern
    }
    for kernels in try Levels.all() {
      let found = narrowed(cases, .f16, kernels)
      let wrong = cases.indices.first { found[$0] != expected[$0] }
      #expect(wrong.map { cases[$0] } == nil, "\(kernels.level)")
    }
  }

  @Test(arguments: Levels.lengths)
  func tailsAndAlignment(length: Int) throws {
    var generator = SplitMix64(seed: UInt64(length))
    let patterns = (0..<length).map { _ in UInt16.random(in: 0...0x7000, using: &generator) }
    for kernels in try Levels.all() {
      #expect(widened(patterns, .bf16, kernels) == patterns.map { UInt32($0) << 16 })
      #expect(widened(patterns, .f16, kernels) == patterns.map(float32(ofFloat16:)))
      // One byte off, with a guard byte at either end of the target.
      let shifted = [0] + bytes(of: patterns)
      var values = [Float](repeating: 0, count: length)
      shifted.withUnsafeBytes { source in
        values.withUnsafeMutableBufferPointer {
          kernels.widen(UnsafeRawBufferPointer(rebasing: source[1...]), type: .bf16, into: $0)
        }
      }
      #expect(values.map(\.bitPattern) == patterns.map { UInt32($0) << 16 })
      for type in [DType.bf16, .f16] {
        var found = [UInt8](repeating: 0xEE, count: 2 * length + 2)
        values.withUnsafeBufferPointer { source in
          found.withUnsafeMutableBytes {
            kernels.narrow(source, type: type, into: UnsafeMutableRawBufferPointer(rebasing: $0[1..<(2 * length + 1)]))
          }
        }
        let expected = type == .bf16 ? patterns : values.map { Float16($0).bitPattern }
        let guarded: [UInt8] = [0xEE] + bytes(of: expected) + [0xEE]
        #expect(found == guarded)
      }
    }
  }

  @Test func float32IsCopied() throws {
    let values: [Float] = [1, -0.0, .infinity, 0x1p-149, 3]
    for kernels in try Levels.all() {
      var copy = [Float](repeating: 0, count: values.count)
      values.withUnsafeBytes { source in
        copy.withUnsafeMutableBufferPointer { kernels.widen(source, type: .f32, into: $0) }
      }
      #expect(copy.map(\.bitPattern) == values.map(\.bitPattern))
      var found = [UInt8](repeating: 0, count: 4 * values.count)
      values.withUnsafeBufferPointer { source in
        found.withUnsafeMutableBytes { kernels.narrow(source, type: .f32, into: $0) }
      }
      #expect(found == bytes(of: values.map(\.bitPattern)))
    }
  }
}
