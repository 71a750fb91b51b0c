import Foundation
import FusionCore
import ImagePreprocessing
import Testing

/// Arithmetic coding takes zeros for what a scan lacks, without a warning, so bytes behind a scan are not left out.
@Suite struct ArithmeticStrayBytesTests {
  /// Grey pictures of 19 x 13 pixels with one scan and with six.
  static let pictures: [(base64: String, scanCount: Int)] = [
    (
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5"
        + "PTgyPC4zNDL/yQALCAANABMBAREA/8wABgAQEAX/2gAIAQEAAD8A/wC3Vfyohf130emHJJo3+pmgSuwET9A06ZP8iQUIATsrzQNkazleHMwH"
        + "5bFWa2FdN9Hdz6ixGF7CIYAP60vrz5SGSoaoBwEYUuuyeVOjeKD/2Q==",
      1
    ),
    (
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5"
        + "PTgyPC4zNDL/ygALCAANABMBAREA/8wABAAQ/9oACAEBAAAAAf8AbvmqqXLLOP/MAAQQBf/aAAgBAQABBQIa3/CJVuowKIEY/8wABBAF/9oA"
        + "CAEBAAY/AsD/zAAEEAX/2gAIAQEAAT8hQuULtlTPGdUFOvUVyJRg0P/aAAgBAQAAABCq/8wABBAF/9oACAEBAAE/ELw+TWaRJoBptn/JoeqD"
        + "5PNB34gldkcHeneHgAFkkiRFU+OTBgXhMYD/2Q==",
      6
    ),
  ]

  private func file(_ base64: String) throws -> JPEGFile {
    JPEGFile(bytes: [UInt8](try #require(Data(base64Encoded: base64))))
  }

  @Test(arguments: pictures) func betweenSegmentsTheyChangeNothing(_ base64: String, _ scanCount: Int) throws {
    let file = try file(base64)
    let whole = try ImageDecoder.decode(file.bytes, file: "picture")
    #expect(whole.width == 19 && whole.height == 13 && Set(whole.bytes).count > 50)
    for marker in [0xDB, 0xCC] as [UInt8] {
      let changed = try file.inserting([0x12, 0x00, 0x34], before: marker)
      #expect(try ImageDecoder.decode(changed, file: "picture") == whole)
    }
  }

  @Test(arguments: pictures) func behindAScanTheyAreRefused(_ base64: String, _ scanCount: Int) throws {
    let file = try file(base64)
    let ends = file.scanEnds
    #expect(ends.count == scanCount)
    for end in ends {
      let changed = file.inserting([UInt8](repeating: 0, count: 12), at: [end])
      let error = #expect(throws: FusionError.self) { try ImageDecoder.decode(changed, file: "picture") }
      #expect(error?.code == .imageDamaged)
      #expect(error?.found?.contains("extraneous bytes") == true)
    }
  }
}
