import TestSupport
import Testing
import ZstdCodec

@Suite struct BytePlanesTests {
  private func split(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
    var planes = [UInt8](repeating: 0, count: bytes.count)
    bytes.withUnsafeBytes { source in
      planes.withUnsafeMutableBytes { BytePlanes.split(source, elementByteCount: width, into: $0) }
    }
    return planes
  }

  private func join(_ planes: [UInt8], _ width: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: planes.count)
    planes.withUnsafeBytes { source in
      bytes.withUnsafeMutableBytes { BytePlanes.join(source, elementByteCount: width, into: $0) }
    }
    return bytes
  }

  /// 1.0 and -2.0 in bfloat16: exponents 0x7F and 0x80 in the first plane, mantissas with the sign last in the second.
  @Test func bfloat16() {
    let bytes: [UInt8] = [0x80, 0x3F, 0x00, 0xC0]
    #expect(split(bytes, 2) == [0x7F, 0x80, 0x00, 0x01])
    #expect(join([0x7F, 0x80, 0x00, 0x01], 2) == bytes)
  }

  /// -1.5 in float32 is BFC00000; rotated 7F800001.
  @Test func float32() {
    let bytes: [UInt8] = [0x00, 0x00, 0xC0, 0xBF, 0x04, 0x03, 0x02, 0x01]
    // 01020304 rotated is 02040608.
    #expect(split(bytes, 4) == [0x7F, 0x02, 0x80, 0x04, 0x00, 0x06, 0x01, 0x08])
  }

  @Test func wordsOfEightBytes() {
    // 8000000000000001 rotated is 3.
    #expect(split([1, 0, 0, 0, 0, 0, 0, 0x80], 8) == [0, 0, 0, 0, 0, 0, 0, 3])
  }

  @Test(arguments: [2, 4, 8]) func comesBack(_ width: Int) {
    var generator = SplitMix64(seed: 4)
    for count in [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 1000] {
      let bytes = (0..<count * width).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      let planes = split(bytes, width)
      #expect(join(planes, width) == bytes)
      if count > 1 { #expect(planes != bytes) }
    }
  }
}
