import FusionCore
import ImagePreprocessing
import Testing

/// What is refused by its header alone: nothing behind the headers of these files could be decoded, so a check that
/// came later would find another error.
@Suite struct ImageLimitTests {
  private func refusal(_ bytes: [UInt8], _ limits: ImageLimits = .standard) throws -> FusionError {
    try #require(#expect(throws: FusionError.self) { try ImageDecoder.decode(bytes, file: "picture", limits: limits) })
  }

  private func png(width: Int, height: Int, depth: UInt8 = 8, type: UInt8 = 2, padding: Int = 0) -> [UInt8] {
    let numbers = [13, 0x4948_4452, width, height].flatMap { value in
      withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) }
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + numbers + [depth, type, 0, 0, 0]
      + [UInt8](repeating: 0, count: 4 + padding)
  }

  @Test(arguments: [(178_956_970, 1), (1, 178_956_970), (1_000_001, 1), (1, 1_000_001)])
  func refusesLongSides(_ width: Int, _ height: Int) throws {
    let error = try refusal(png(width: width, height: height, depth: 1, type: 0, padding: 40_000))
    #expect(error.code == .imageTooLarge && error.place == "the header")
    #expect(error.expected == "sides of at most 1000000 pixels")
    #expect(error.found == "\(width) x \(height) pixels")
  }

  @Test(arguments: [(ImageLimits.maximumSide, 1), (1, ImageLimits.maximumSide)])
  func readsTheLongestSides(_ width: Int, _ height: Int) throws {
    let image = RGBImage(
      width: width, height: height, bytes: [UInt8](repeating: 77, count: 3 * ImageLimits.maximumSide))
    #expect(try ImageDecoder.decode(PNGWriter.encode(image), file: "long.png") == image)
    let crops = ImageCrops.staticHD(image, side: 8)
    #expect(crops.count == 5 && crops.allSatisfy { $0.width == 8 && $0.height == 8 })
  }

  @Test(arguments: [(65_501, 1), (1, 65_501)]) func refusesSidesThatLibjpegRefuses(_ width: Int, _ height: Int) throws {
    let file = HandMadeJPEG(
      marker: 0xC0, width: width, height: height, components: HandMadeJPEG.grey, scans: [[1]], padding: 1000)
    let error = try refusal(file.bytes)
    #expect(error.code == .imageTooLarge && error.expected == "sides of at most 65500 pixels")
  }

  @Test func namesTheMemoryThatAPNGTakes() throws {
    let bytes = png(width: 12_000, height: 10_000, padding: 400_000)
    let error = try refusal(bytes, ImageLimits(memoryByteCount: 300_000_000))
    #expect(error.code == .imageTooMuchMemory && error.code.category == .malformedInput)
    #expect(error.file == "picture" && error.place == "the header")
    #expect(error.expected == "at most 300000000 bytes of memory")
    #expect(error.found?.hasPrefix("12000 x 10000 pixels that take about 3") == true)
    #expect(error.found?.contains("360 MB for the samples") == true)
    #expect(error.remedy?.contains("--max-image-memory 3") == true)
    #expect(try refusal(bytes).code == .imageDamaged)
  }

  @Test func theMemoryThatIsNamedIsEnough() throws {
    let file = HandMadeJPEG(
      marker: 0xC2, width: 13_000, height: 13_000, components: HandMadeJPEG.halvedColours, scans: [[1, 2, 3]],
      padding: 400_000)
    let remedy = try #require(try refusal(file.bytes).remedy)
    let named = try #require(remedy.split(separator: " ").last?.dropLast(2)).description
    let byteCount = try #require(Int(named)) * 1_000_000
    #expect(remedy.hasPrefix("save it anew as a baseline JPEG, "))
    #expect(try refusal(file.bytes, ImageLimits(memoryByteCount: byteCount - 1_000_000)).code == .imageTooMuchMemory)
    #expect(try refusal(file.bytes, ImageLimits(memoryByteCount: byteCount)).code == .imageDamaged)
  }

  /// A kind of JPEG, and what it takes in bytes a pixel.
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let marker: UInt8
    let components: [HandMadeJPEG.Component]
    let scans: [[UInt8]]
    let bytesPerPixel: Double
  }

  static let kinds = [
    Kind(
      testDescription: "baseline", marker: 0xC0, components: HandMadeJPEG.halvedColours, scans: [[1, 2, 3]],
      bytesPerPixel: 3),
    Kind(
      testDescription: "progressive", marker: 0xC2, components: HandMadeJPEG.halvedColours, scans: [[1, 2, 3]],
      bytesPerPixel: 6),
    Kind(
      testDescription: "progressive, full colours", marker: 0xC2, components: HandMadeJPEG.fullColours,
      scans: [[1, 2, 3]], bytesPerPixel: 9),
    Kind(
      testDescription: "progressive, grey", marker: 0xC2, components: HandMadeJPEG.grey, scans: [[1]],
      bytesPerPixel: 5),
    Kind(
      testDescription: "baseline in three scans", marker: 0xC0, components: HandMadeJPEG.fullColours,
      scans: [[1], [2], [3]], bytesPerPixel: 9),
    Kind(
      testDescription: "CMYK", marker: 0xC0, components: HandMadeJPEG.fourColours, scans: [[1, 2, 3, 4]],
      bytesPerPixel: 4),
    Kind(
      testDescription: "progressive CMYK", marker: 0xC2, components: HandMadeJPEG.fourColours,
      scans: [[1, 2, 3, 4]], bytesPerPixel: 12),
  ]

  @Test(arguments: kinds) func countsTheMemoryOfEachKind(_ kind: Kind) throws {
    let side = 4096
    let file = HandMadeJPEG(
      marker: kind.marker, width: side, height: side, components: kind.components, scans: kind.scans, padding: 40_000)
    let byteCount = kind.bytesPerPixel * Double(side * side)
    func code(_ share: Double) throws -> FusionError.Code {
      try refusal(file.bytes, ImageLimits(memoryByteCount: Int(byteCount * share), cropSide: 8)).code
    }
    #expect(try code(0.99) == .imageTooMuchMemory)
    #expect(try code(1.15) == .imageDamaged)
  }

  @Test func largeCropsCountToo() throws {
    let image = RGBImage(width: 4, height: 4, bytes: [UInt8](repeating: 9, count: 48))
    let bytes = PNGWriter.encode(image)
    let limit = 10_000_000
    #expect(try ImageDecoder.decode(bytes, file: "picture", limits: ImageLimits(memoryByteCount: limit)) == image)
    let error = try refusal(bytes, ImageLimits(memoryByteCount: limit, cropSide: 2000))
    #expect(error.code == .imageTooMuchMemory && error.found?.contains("for the crops") == true)
  }
}
