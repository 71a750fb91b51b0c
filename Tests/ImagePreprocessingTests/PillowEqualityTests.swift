import ImagePreprocessing
import TestSupport
import Testing

/// Equality with Pillow, whose values tools/dev/make-image-cases.py wrote down as digests.
@Suite struct PillowEqualityTests {
  @Test func tablesAreComplete() {
    #expect(PictureFiles.caseNames.count == 83)
    #expect(PictureFiles.table("resized.txt").count == 60)
  }

  @Test(arguments: PictureFiles.table("decoded.txt")) func decodes(_ row: [String]) throws {
    let image = try PictureFiles.decoded("cases/\(row[0])")
    #expect([image.width, image.height] == [Int(row[1]), Int(row[2])])
    #expect(PictureFiles.digest(image.bytes) == row[3])
  }

  @Test(arguments: PictureFiles.table("resized.txt")) func resizes(_ row: [String]) throws {
    let sizes = row.prefix(4).compactMap { Int($0) }
    try #require(sizes.count == 4)
    var random = SplitMix64(seed: UInt64(sizes[0] * 65536 + sizes[1]))
    let bytes = (0..<(3 * sizes[0] * sizes[1])).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let source = RGBImage(width: sizes[0], height: sizes[1], bytes: bytes)
    let resized = PillowResize.bicubic(source, width: sizes[2], height: sizes[3])
    #expect([resized.width, resized.height] == [sizes[2], sizes[3]])
    #expect(PictureFiles.digest(resized.bytes) == row[4])
  }

  @Test func oneColorStaysOneColor() {
    let source = RGBImage(width: 31, height: 7, bytes: Array(repeating: [9, 130, 255], count: 217).flatMap { $0 })
    let resized = PillowResize.bicubic(source, width: 12, height: 50)
    #expect(resized.bytes == Array(repeating: [9, 130, 255], count: 600).flatMap { $0 })
  }
}
