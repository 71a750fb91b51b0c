import FusionCore
import TestSupport
import Testing

@Suite struct PathTextTests {
  @Test(arguments: [
    [], Array("model.fusion".utf8), Array("日本/é😀".utf8), [0x63, 0xE9], [0xFF, 0xFE], [0xE9, 0x2F, 0xC3, 0xA9],
    // The escape of a byte itself, cut characters, overlong forms, surrogates.
    Array("\u{10F7E9}".utf8), [0xF4, 0x8F, 0x9F], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF0, 0x9F, 0x98],
  ])
  func bytesComeBack(bytes: [UInt8]) {
    let text = String(pathBytes: bytes)
    #expect(text.pathBytes == bytes)
    #expect(text.withPathBytes { path in bytes.indices.allSatisfy { UInt8(bitPattern: path[$0]) == bytes[$0] } })
  }

  @Test func noTwoPathsHaveOneText() {
    let escape = Array("\u{10F7E9}".utf8)
    #expect(String(pathBytes: [0xE9]) != String(pathBytes: escape))
    var generator = SplitMix64(seed: 5)
    for _ in 0..<2000 {
      let bytes = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
        [0x2F, 0x61, 0xC3, 0xA9, 0xE9, 0xF4, 0x8F, 0x9F, 0xA9, 0xFF].randomElement(using: &generator) ?? UInt8(0x2F)
      }
      #expect(String(pathBytes: bytes).pathBytes == bytes)
    }
  }

  @Test func textOfUTF8IsItself() {
    #expect(String(pathBytes: Array("/a/é".utf8)) == "/a/é")
    #expect(String(pathBytes: [0x61, 0xE9]).escapedForTerminal == "a\\xE9")
  }
}
