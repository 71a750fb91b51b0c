import FusionCore
import ImagePreprocessing
import Testing

/// Scans of a few bytes that each pass all blocks of a picture.
@Suite struct JPEGScanLimitTests {
  private func refusal(_ bytes: [UInt8], _ limits: ImageLimits = .standard) throws -> FusionError {
    try #require(#expect(throws: FusionError.self) { try ImageDecoder.decode(bytes, file: "picture", limits: limits) })
  }

  private func headers(_ marker: UInt8, side: Int, scanCount: Int) -> [UInt8] {
    HandMadeJPEG(
      marker: marker, width: side, height: side, components: HandMadeJPEG.grey,
      scans: [[UInt8]](repeating: [1], count: scanCount), padding: side * side / 512
    ).bytes
  }

  @Test func countsScans() throws {
    let bytes = headers(0xC2, side: 16, scanCount: 501)
    let error = try refusal(bytes)
    #expect(error.code == .imageTooManyScans && error.file == "picture")
    // A scan is a header of 10 bytes and one more, and two bytes end the file.
    #expect(error.place == "scan 501 at offset \(bytes.count - 13)")
    #expect(error.expected == "at most 500 scans")
    #expect(error.remedy == "save it anew as a baseline JPEG")
    #expect(try refusal(headers(0xC2, side: 16, scanCount: 500)).code == .imageDamaged)
  }

  /// 8000 x 8000 pixels are a million blocks.
  @Test func countsBlocksThatScansPass() throws {
    #expect(try refusal(headers(0xC2, side: 8000, scanCount: 100)).code == .imageDamaged)
    let bytes = headers(0xC2, side: 8000, scanCount: 101)
    let error = try refusal(bytes)
    #expect(error.code == .imageTooManyScans)
    #expect(error.place?.hasPrefix("scan 101 at offset ") == true)
    #expect(error.expected?.contains("100000000 blocks") == true)
    #expect(error.found?.hasPrefix("101000000 blocks") == true && error.found?.contains("8000 x 8000") == true)
    #expect(error.remedy?.hasSuffix("--max-image-memory 808MB") == true)
    #expect(try refusal(bytes, ImageLimits(memoryByteCount: 808_000_000)).code == .imageDamaged)
  }

  @Test func arithmeticCoefficientsCountAsBlocks() throws {
    #expect(try refusal(headers(0xCA, side: 8000, scanCount: 1)).code == .imageDamaged)
    let error = try refusal(headers(0xCA, side: 8000, scanCount: 2))
    #expect(error.code == .imageTooManyScans && error.place?.hasPrefix("scan 2 at ") == true)
    #expect(try refusal(headers(0xC9, side: 8000, scanCount: 1)).code == .imageDamaged)
    #expect(try refusal(headers(0xC9, side: 12_000, scanCount: 1)).place?.hasPrefix("scan 1 at ") == true)
  }

  @Test func readsManyScansOfASmallPicture() throws {
    let image = try ImageDecoder.decode(HandMadeJPEG(greyOfSide: 512, detailScanCount: 480).bytes, file: "picture")
    #expect(image.width == 512 && image.bytes.allSatisfy { $0 == 128 })
  }

  /// The search for stray bytes decodes anew for each question, so the work that it may be is limited too.
  @Test func aSearchForStrayBytesIsLimited() throws {
    let file = JPEGFile(bytes: HandMadeJPEG(greyOfSide: 2048, detailScanCount: 39).bytes)
    let ends = file.scanEnds
    // More than the library reads ahead, which it takes for padding.
    let stray = [UInt8](repeating: 0x12, count: 40)
    let changed = file.inserting(stray, at: [5, 10, 20].map { ends[$0] })
    let image = try ImageDecoder.decode(changed, file: "picture")
    #expect(image.bytes.allSatisfy { $0 == 128 })
    // 40 scans of 65536 blocks may be passed once with 24 MB, four times in a search.
    let limits = ImageLimits(memoryByteCount: 24_000_000, cropSide: 8)
    #expect(try ImageDecoder.decode(file.bytes, file: "picture", limits: limits) == image)
    let error = try refusal(changed, limits)
    #expect(error.code == .imageDamaged && error.found == "stray bytes in too many places")
  }

  /// A file is copied to leave its stray bytes out.
  @Test func aCopyOfTheFileCounts() throws {
    let file = HandMadeJPEG(greyOfSide: 512, detailScanCount: 1).bytes
    let padded = file.prefix(2) + HandMadeJPEG.comments(6_000_000) + file.dropFirst(2)
    let stray = try JPEGFile(bytes: Array(padded)).inserting([0x12, 0x00, 0x34], before: 0xDB)
    let limits = ImageLimits(memoryByteCount: 14_000_000, cropSide: 8)
    let image = try ImageDecoder.decode(Array(padded), file: "picture", limits: limits)
    let error = try refusal(stray, limits)
    #expect(error.code == .imageTooMuchMemory && error.found?.contains("13 MB for the file") == true)
    #expect(try ImageDecoder.decode(stray, file: "picture") == image)
  }
}
