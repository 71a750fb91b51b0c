import ImagePreprocessing
import TestSupport
import Testing

@Suite struct PNGWriterTests {
  @Test(arguments: [(1, 1), (1, 300), (300, 1), (64, 64), (257, 129)])
  func whatIsWrittenIsReadBack(width: Int, height: Int) throws {
    var random = SplitMix64(seed: UInt64(width * 1000 + height))
    let image = RGBImage(
      width: width, height: height,
      bytes: (0..<(3 * width * height)).map { _ in UInt8.random(in: 0...255, using: &random) })
    #expect(try ImageDecoder.decode(PNGWriter.encode(image), file: "written.png") == image)
  }

  @Test func plainPicturesAreSmall() {
    let image = RGBImage(width: 256, height: 256, bytes: [UInt8](repeating: 200, count: 3 * 256 * 256))
    #expect(PNGWriter.encode(image).count < 1000)
  }

  /// Signature, header, data, end: no time stamp, no text, nothing else that could differ.
  @Test func nothingButThePictureIsWritten() {
    let image = RGBImage(width: 20, height: 10, bytes: [UInt8](repeating: 7, count: 600))
    let bytes = PNGWriter.encode(image)
    var names: [String] = []
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<(position + 4)].reduce(0) { $0 << 8 | Int($1) }
      names.append(String(decoding: bytes[(position + 4)..<(position + 8)], as: UTF8.self))
      position += 12 + length
    }
    #expect(names == ["IHDR", "IDAT", "IEND"] && position == bytes.count)
  }
}
