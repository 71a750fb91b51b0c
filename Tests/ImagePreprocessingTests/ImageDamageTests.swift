import FusionCore
import ImagePreprocessing
import TestSupport
import Testing

/// Damaged files are refused or give a picture, but never anything else.
@Suite struct ImageDamageTests {
  @Test(arguments: PictureFiles.caseNames) func everyCutIsRefused(_ name: String) throws {
    let bytes = try PictureFiles.bytes("cases/\(name)")
    // What follows the end of the picture may be missing.
    let end = name == "trailing-bytes.jpg" ? bytes.count - 4 : bytes.count
    let codes: Set<FusionError.Code> = [.imageTruncated, .imageDamaged, .unknownImageFormat]
    for count in 0..<end {
      let error = #expect(throws: FusionError.self) {
        try ImageDecoder.decode(Array(bytes.prefix(count)), file: name)
      }
      guard let error, codes.contains(error.code) else {
        Issue.record("\(name) cut to \(count) bytes: \(error?.code.rawValue ?? "no error")")
        return
      }
    }
  }

  @Test(arguments: PictureFiles.caseNames) func changedBytesAreRefusedOrDecoded(_ name: String) throws {
    let bytes = try PictureFiles.bytes("cases/\(name)")
    let whole = try ImageDecoder.decode(bytes, file: name)
    // The frame header of a JPEG file, where a change may give another size.
    let frame = bytes.indices.dropLast().first { bytes[$0] == 0xFF && [0xC0, 0xC2].contains(bytes[$0 + 1]) } ?? 0
    var random = SplitMix64(seed: 4711)
    var refusals = 0
    for _ in 0..<200 {
      var damaged = bytes
      let position = Int(random.next() % UInt64(bytes.count))
      damaged[position] ^= UInt8(1 + random.next() % 255)
      do {
        let image = try ImageDecoder.decode(damaged, file: name)
        if !(frame..<(frame + 10)).contains(position) {
          #expect(image.width == whole.width && image.height == whole.height)
        }
        // Behind the signature a PNG file is covered by checksums throughout.
        if name.hasSuffix(".png") { Issue.record("\(name) with another byte \(position) was decoded") }
      } catch {
        let error = try #require(error as? FusionError)
        #expect(error.code.rawValue.hasPrefix("image."))
        #expect(error.file == name && error.found != nil && error.remedy != nil)
        refusals += 1
      }
    }
    #expect(refusals > 0)
  }
}
