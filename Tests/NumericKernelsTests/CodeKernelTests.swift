import NumericKernels
import TestSupport
import Testing

@Suite struct CodeKernelTests {
  private func packed(_ codes: [Int8], _ kernels: KernelSet) -> [UInt8] {
    var result = [UInt8](repeating: 0xEE, count: (codes.count + 1) / 2)
    codes.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { kernels.packNibbles(source, into: $0) }
    }
    return result
  }

  @Test func nibbleOrder() throws {
    for kernels in try Levels.all() {
      #expect(packed([1, 2, 3], kernels) == [0x21, 0x03])
      #expect(packed([-8, -1, 7], kernels) == [0xF8, 0x07])
      #expect(packed([15, 0], kernels) == [0x0F])
    }
  }

  @Test(arguments: Levels.lengths, [true, false])
  func packAndDequantize(length: Int, signed: Bool) throws {
    var generator = SplitMix64(seed: UInt64(length))
    let codes = (0..<length).map { _ in Int8.random(in: signed ? -8...7 : 0...15, using: &generator) }
    var bytes = [UInt8](repeating: 0, count: (length + 1) / 2)
    for (index, code) in codes.enumerated() {
      bytes[index / 2] += (UInt8(bitPattern: code) % 16) * (index % 2 == 0 ? 1 : 16)
    }
    let scale: Float = 0.0123
    for kernels in try Levels.all() {
      #expect(packed(codes, kernels) == bytes)
      for zeroPoint in signed ? [Float(0)] : [0, 1, 7, 15] {
        var values = [Float](repeating: .nan, count: length)
        bytes.withUnsafeBytes { source in
          values.withUnsafeMutableBufferPointer {
            kernels.dequantize(nibbles: source, scale: scale, zeroPoint: zeroPoint, signed: signed, into: $0)
          }
        }
        #expect(values.map(\.bitPattern) == codes.map { (scale * (Float($0) - zeroPoint)).bitPattern })
      }
    }
  }

  @Test func dequantizeEverySignedByte() throws {
    let codes = Array(Int8.min...Int8.max)
    for kernels in try Levels.all() {
      var values = [Float](repeating: .nan, count: codes.count)
      codes.withUnsafeBytes { source in
        values.withUnsafeMutableBufferPointer { kernels.dequantize(codes: source, scale: 0x1.234p-7, into: $0) }
      }
      #expect(values == codes.map { 0x1.234p-7 * Float($0) })
    }
  }

  @Test(arguments: Levels.lengths)
  func dequantizeTails(length: Int) throws {
    var generator = SplitMix64(seed: UInt64(length))
    let codes = (0..<length).map { _ in Int8.random(in: -127...127, using: &generator) }
    for kernels in try Levels.all() {
      var values = [Float](repeating: .nan, count: length)
      codes.withUnsafeBytes { source in
        values.withUnsafeMutableBufferPointer { kernels.dequantize(codes: source, scale: 0.37, into: $0) }
      }
      #expect(values.map(\.bitPattern) == codes.map { (Float(0.37) * Float($0)).bitPattern })
    }
  }

  private func check(
    _ values: [Float], _ decoded: [Float], _ range: ClosedRange<Float>, _ bound: Float, _ kernels: KernelSet
  ) -> [Int] {
    values.withUnsafeBufferPointer { a in
      decoded.withUnsafeBufferPointer { b in
        let (violations, clipped) = kernels.check(a, decoded: b, range: range, bound: bound)
        return [violations, clipped]
      }
    }
  }

  @Test func checkAtTheBound() throws {
    for kernels in try Levels.all() {
      #expect(check([1, 1, 1], [1.5, 0.5, 1], -8...7, 0.5, kernels) == [0, 0])
      #expect(check([1, 1, 1], [Float(1.5).nextUp, 0.5, 1], -8...7, 0.5, kernels) == [1, 0])
      #expect(check([1, 1, 1], [1.5, 0.4375, 3], -8...7, 0.5, kernels) == [2, 0])
    }
  }

  @Test func checkClipsFirst() throws {
    for kernels in try Levels.all() {
      #expect(check([9, -100, 7, -8], [7, -8, 7, -8], -8...7, 0, kernels) == [0, 2])
      #expect(check([9, -100], [6, -8], -8...7, 0.5, kernels) == [1, 2])
      #expect(check([.infinity, -.infinity], [7, -8], -8...7, 0.5, kernels) == [0, 2])
    }
  }

  @Test func checkCountsNaNAsAViolation() throws {
    for kernels in try Levels.all() {
      #expect(check([.nan], [0], -8...7, 0.5, kernels)[0] == 1)
      #expect(check([0], [.nan], -8...7, 0.5, kernels) == [1, 0])
      #expect(check([0], [.infinity], -8...7, 0.5, kernels) == [1, 0])
      #expect(check([0], [0], -8...7, .nan, kernels) == [1, 0])
    }
  }

  @Test(arguments: Levels.lengths)
  func checkTails(length: Int) throws {
    var generator = SplitMix64(seed: 5 + UInt64(length))
    let values = (0..<length).map { _ in Float.random(in: -10...10, using: &generator) }
    let decoded = values.map { $0 + Float.random(in: -0.6...0.6, using: &generator) }
    var (violations, clipped) = (0, 0)
    for (x, y) in zip(values, decoded) {
      let inside = min(max(x, -8), 7)
      if inside != x { clipped += 1 }
      if abs(inside - y) > 0.5 { violations += 1 }
    }
    for kernels in try Levels.all() {
      #expect(check(values, decoded, -8...7, 0.5, kernels) == [violations, clipped], "\(kernels.level)")
    }
    #expect(length < 100 || (violations > 0 && clipped > 0))
  }
}
