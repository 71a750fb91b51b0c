import FusionCore
import ImagePreprocessing
import TestSupport
import Testing

@Suite struct ImageRefusalTests {
  private func refusal(_ bytes: [UInt8]) -> FusionError? {
    do {
      _ = try ImageDecoder.decode(bytes, file: "picture")
      return nil
    } catch {
      return error as? FusionError
    }
  }

  static let strangers: [(start: [UInt8], found: String)] = [
    ([], "an empty file"),
    (Array("GIF89a\u{1}".utf8), "a GIF picture"),
    (Array("RIFF....WEBPVP8 ".utf8), "a WebP picture"),
    (Array("BM6\0".utf8), "a BMP picture"),
    ([0x49, 0x49, 0x2A, 0x00, 8, 0], "a TIFF picture"),
    ([0x4D, 0x4D, 0x00, 0x2A, 0, 0], "a TIFF picture"),
    (Array("\0\0\0\u{1C}ftypavif".utf8), "an AVIF picture"),
    (Array("\0\0\0\u{1C}ftypheic".utf8), "a HEIF picture"),
    (Array("<!DOCTYPE html><html></html>".utf8), "an HTML page"),
    (Array("<svg xmlns=''/>".utf8), "an SVG drawing"),
    (Array("not a picture\n".utf8), "a text file"),
    ([0x89, 0x50, 0x4E], "a file that begins with 89 50 4E"),
    ([0x00, 0x01, 0x02, 0x03, 0x04], "a file that begins with 00 01 02 03"),
  ]

  @Test(arguments: strangers) func namesWhatIsNeitherPNGNorJPEG(_ start: [UInt8], _ found: String) {
    let error = refusal(start)
    #expect(error?.code == .unknownImageFormat)
    #expect(error?.found == found)
    #expect(error?.file == "picture")
    #expect(error?.code.category == .malformedInput)
  }

  private func png(width: UInt32, height: UInt32, depth: UInt8, type: UInt8) -> [UInt8] {
    let numbers = [13, 0x4948_4452, width, height].flatMap { value in
      withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) }
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + numbers + [depth, type, 0, 0, 0] + [0, 0, 0, 0]
  }

  @Test(arguments: [(60000, 60000), (13378, 13378), (UInt32.max, UInt32.max), (178_956_971, 1)])
  func refusesTooManyPixels(_ width: UInt32, _ height: UInt32) {
    let error = refusal(png(width: width, height: height, depth: 1, type: 0))
    #expect(error?.code == .imageTooLarge)
    #expect(error?.found == "\(width) x \(height) pixels")
  }

  @Test func refusesSizesThatTheFileCannotHold() throws {
    #expect(refusal(png(width: 10000, height: 10000, depth: 16, type: 6))?.code == .imageTruncated)
    var jpeg = try PictureFiles.bytes("cases/420-16x16.jpg")
    let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0x30, 0, 0x30, 0])
    #expect(refusal(jpeg)?.code == .imageTruncated)
    jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(refusal(jpeg)?.code == .imageTooLarge)
  }

  @Test func refusesHeadersThatNoPictureHas() {
    #expect(refusal(png(width: 0, height: 4, depth: 8, type: 2))?.code == .imageDamaged)
    #expect(refusal(png(width: 4, height: 4, depth: 3, type: 2))?.code == .imageDamaged)
    #expect(refusal(png(width: 4, height: 4, depth: 8, type: 5))?.code == .imageDamaged)
    #expect(refusal([0xFF, 0xD8, 0xFF, 0xD9])?.code == .imageDamaged)
  }

  @Test(arguments: [(0, 0xC3), (0, 0xC7), (2, 12), (7, 2)])
  func refusesKindsOfJPEGThatAreNotRead(_ offset: Int, _ value: UInt8) throws {
    var jpeg = try PictureFiles.bytes("cases/444-16x16.jpg")
    let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    // Behind the marker FF C0: two bytes of length, precision, height, width, number of components.
    jpeg[frame + (offset == 0 ? 1 : offset + 2)] = value
    #expect(refusal(jpeg)?.code == .imageUnsupported)
  }

  @Test func saysWhichChecksumIsWrong() throws {
    var bytes = try PictureFiles.bytes("cases/rgb-8.png")
    bytes[bytes.count - 14] ^= 1
    let error = refusal(bytes)
    #expect(error?.code == .imageDamaged)
    #expect(error?.found?.contains("IDAT") == true)
  }
}
