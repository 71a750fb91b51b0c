import ContainerFormat
import Foundation
import FusionCore
import TestSupport
import Testing
import ZstdCodec

@Suite struct ZstdTests {
  private func decode(_ bytes: [UInt8], byteCount: Int) throws -> [UInt8] {
    var content = [UInt8](repeating: 0, count: byteCount)
    try bytes.withUnsafeBytes { stored in
      try content.withUnsafeMutableBytes { try ZstdDecoder().decode(stored, into: $0) }
    }
    return content
  }

  @Test func handMadeFramesDecode() throws {
    let expected = [UInt8](repeating: 0xAA, count: 100)
    #expect(try decode(ZstdAttack.valid, byteCount: 100) == expected)
    let eightMiBWindow = ZstdAttack.magic + [0x80, 0x68, 100, 0, 0, 0] + ZstdAttack.block(.runLength, 100, [0xAA])
    #expect(try decode(eightMiBWindow, byteCount: 100) == expected)
    let frame = try eightMiBWindow.withUnsafeBytes { try ZstdFrame($0, contentByteCount: 100) }
    #expect(frame.windowByteCount == 8 << 20)
    #expect(frame.blockCount == 1)
  }

  @Test(arguments: ZstdAttack.all)
  func attackIsRefused(_ attack: ZstdAttack) throws {
    let error = #expect(throws: FusionError.self) { try decode(attack.bytes, byteCount: 100) }
    #expect(error?.code == attack.code)
    #expect(error?.place?.hasSuffix("of the compressed data") == true)
    #expect(error?.expected?.isEmpty == false && error?.found?.isEmpty == false)
  }

  /// The same frames as the only chunk of a file in a sealed container.
  @Test(arguments: ZstdAttack.all)
  func attackInsideAContainerIsRefused(_ attack: ZstdAttack) throws {
    guard !attack.bytes.isEmpty else { return }
    let folder = try TemporaryFolder()
    let path = folder.file("model.fusion")
    let writer = try ContainerWriter(path: path, replacing: false)
    var index = SampleContainer.emptyIndex
    index.files = [
      try writer.append(
        fileNamed: "a", [UInt8](repeating: 0xAA, count: 100), sha256: SampleContainer.digest(0), policy: .zstd,
        using: ChunkEncoder())
    ]
    _ = try writer.finish(index: index)
    var container = ForgedContainer(try fileBytes(path))
    container.body = attack.bytes + [UInt8](repeating: 0, count: (64 - attack.bytes.count % 64) % 64)
    container.index.edit([(3, 0), (3, 0)]) {
      $0.set(2, .varint(UInt64(attack.bytes.count)))
      $0.set(4, .fixed64(ContainerChecksum.of(attack.bytes)))
    }
    try folder.write("model.fusion", container.bytes)
    let reader = try ContainerReader(path: path)
    let error = #expect(throws: FusionError.self) { try reader.readFile("a") }
    #expect(error?.code == attack.code)
    #expect(error?.place?.hasPrefix("file \"a\", chunk 0, byte ") == true)
    #expect(error?.file == path)
  }

  @Test func everyTruncatedFrameIsRefused() throws {
    for count in 0..<ZstdAttack.valid.count {
      let error = #expect(throws: FusionError.self) { try decode(Array(ZstdAttack.valid[..<count]), byteCount: 100) }
      #expect(error?.code == .zstdTruncated)
    }
  }

  @Test(arguments: [ZstdParameters.literalsOnly, .general(level: 1), .general(level: 19)])
  func framesComeBackAndObeyTheirOwnRules(_ parameters: ZstdParameters) throws {
    let encoder = ZstdEncoder(parameters)
    var generator = SplitMix64(seed: 1)
    for size in [0, 1, 255, 256, 257, 65_791, 65_792, 131_072, 131_073, 300_000] {
      let content = SampleContainer.bytes(size, width: 1, &generator)
      let frame = try content.withUnsafeBytes { try encoder.encode($0) }
      #expect(try decode(frame, byteCount: size) == content)
      #expect(try content.withUnsafeBytes { try encoder.encode($0) } == frame, "the encoder keeps a state")
    }
  }

  @Test func theLargestChunkStaysWithinTheWindow() throws {
    let content = [UInt8](repeating: 5, count: ContainerLimits.maximumRawChunkByteCount)
    for parameters in [ZstdParameters.literalsOnly, .general(level: 19)] {
      let frame = try content.withUnsafeBytes { try ZstdEncoder(parameters).encode($0) }
      let parsed = try frame.withUnsafeBytes { try ZstdFrame($0, contentByteCount: content.count) }
      #expect(parsed.windowByteCount <= ContainerLimits.maximumWindowByteCount)
    }
  }

  /// Integer codes and exponents of normally distributed values.
  @Test(arguments: [2.5, 4, 8, 16])
  func literalsComeCloseToTheEntropy(_ deviation: Double) throws {
    var generator = SplitMix64(seed: 2)
    func uniform() -> Double { (Double(generator.next() >> 11) + 0.5) / Double(1 << 53) }
    let values = (0..<(1 << 20)).map { _ in (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform()) }
    let codes = values.map { UInt8(bitPattern: Int8(max(-127, min(127, ($0 * deviation).rounded())))) }
    let exponents = values.map { UInt8(truncatingIfNeeded: Float($0).bitPattern >> 23) }
    let encoder = ZstdEncoder(.literalsOnly)
    for symbols in [codes, exponents] {
      let bits = Double(try symbols.withUnsafeBytes { try encoder.encode($0) }.count * 8) / Double(symbols.count)
      var counts = [Int](repeating: 0, count: 256)
      for symbol in symbols { counts[Int(symbol)] += 1 }
      let entropy = counts.filter { $0 > 0 }.reduce(0.0) {
        let p = Double($1) / Double(symbols.count)
        return $0 - p * log2(p)
      }
      #expect(bits >= entropy && bits < entropy + 0.08, "\(bits) bits for an entropy of \(entropy)")
    }
  }
}
