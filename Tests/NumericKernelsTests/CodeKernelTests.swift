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
  func packsEveryCode(length: Int, signed: Bool) throws {
    var generator = SplitMix64(seed: UInt64(length))
    let codes = (0..<length).map { _ in Int8.random(in: signed ? -8...7 : 0...15, using: &generator) }
    var bytes = [UInt8](repeating: 0, count: (length + 1) / 2)
    for (index, code) in codes.enumerated() {
      bytes[index / 2] += (UInt8(bitPattern: code) % 16) * (index % 2 == 0 ? 1 : 16)
    }
    for kernels in try Levels.all() { #expect(packed(codes, kernels) == bytes, "\(kernels.level)") }
  }
}
