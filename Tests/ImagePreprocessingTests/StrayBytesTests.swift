import FusionCore
import ImagePreprocessing
import Testing

/// Bytes between the parts of a JPEG file do no harm, and hide none.
@Suite struct StrayBytesTests {
  static let names = ["444-37x29.jpg", "420-37x29.jpg", "grey-37x29.jpg", "420-progressive.jpg", "cmyk.jpg"]

  @Test(arguments: names, [[0x00], [0x12, 0x34, 0x56], [0xFF, 0x00], [0x01, 0xFF, 0x00, 0x02]] as [[UInt8]])
  func betweenSegmentsTheyChangeNothing(_ name: String, _ stray: [UInt8]) throws {
    let file = try JPEGFile(name)
    let whole = try ImageDecoder.decode(file.bytes, file: name)
    for marker in [0xDB, 0xC4, 0xDA] as [UInt8] {
      let changed = try file.inserting(stray, before: marker)
      #expect(try ImageDecoder.decode(changed, file: name) == whole)
    }
  }

  @Test(arguments: names, [1, 2, 7]) func behindAScanTheyChangeNothing(_ name: String, _ count: Int) throws {
    let file = try JPEGFile(name)
    let whole = try ImageDecoder.decode(file.bytes, file: name)
    let changed = try file.inserting([UInt8](repeating: 0, count: count), before: 0xD9)
    #expect(try ImageDecoder.decode(changed, file: name) == whole)
  }

  @Test(arguments: names) func theyDoNotHideLostPixels(_ name: String) throws {
    let file = try JPEGFile(name)
    var changed = try file.inserting([0x00], before: 0xDB)
    // The coded data of the last scan goes but for a few bytes.
    let end = changed.count - 2
    let start = try #require(changed[..<end].indices.dropLast().last { changed[$0] == 0xFF && changed[$0 + 1] == 0xDA })
    let length = Int(changed[start + 2]) << 8 | Int(changed[start + 3])
    changed.removeSubrange((start + 2 + length + 2)..<end)
    let error = #expect(throws: FusionError.self) { try ImageDecoder.decode(changed, file: name) }
    #expect(error?.code == .imageDamaged)
  }

  @Test func theyDoNotHideAFatalError() throws {
    let name = "444-37x29.jpg"
    var changed = try JPEGFile(name).inserting([0x00], before: 0xDB)
    // A scan of a component that the frame does not have.
    let scan = try #require(changed.indices.dropLast().first { changed[$0] == 0xFF && changed[$0 + 1] == 0xDA })
    changed[scan + 5] = 0x7F
    let error = #expect(throws: FusionError.self) { try ImageDecoder.decode(changed, file: name) }
    #expect(error?.code == .imageDamaged)
  }
}
