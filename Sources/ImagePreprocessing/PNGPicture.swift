internal import CPNG
import FusionCore

/// A PNG file whose header has been read.
struct PNGPicture {
  let width: Int
  let height: Int
  private let bytes: UnsafeRawBufferPointer
  private let file: String

  /// Signature, length, name and content of the first chunk, and its checksum.
  private static let headerByteCount = 33
  /// No deflate stream becomes more than this many times as long.
  private static let greatestExpansion = 1032

  /// Reads the header and holds the size against the limits.
  init(_ bytes: UnsafeRawBufferPointer, file: String, limits: ImageLimits) throws {
    guard bytes.count >= Self.headerByteCount else {
      throw FusionError.imageTruncated(
        file: file, expected: "a PNG header of \(Self.headerByteCount) bytes", found: "\(bytes.count) bytes")
    }
    func number(at offset: Int) -> Int {
      Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
    guard number(at: 8) == 13, bytes[12..<16].elementsEqual("IHDR".utf8) else {
      throw FusionError.imageDamaged(
        file: file, place: "offset 8", expected: "the chunk IHDR of 13 bytes", found: "another chunk")
    }
    let channelCount = [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][bytes[25]]
    guard let channelCount, [1, 2, 4, 8, 16].contains(bytes[24]) else {
      throw FusionError.imageDamaged(
        file: file, place: "offset 24", expected: "a bit depth and a colour type that PNG has",
        found: "depth \(bytes[24]), colour type \(bytes[25])")
    }
    self.bytes = bytes
    self.file = file
    width = number(at: 16)
    height = number(at: 20)
    let mostBits = CheckedArithmetic.product(bytes.count, 8 * Self.greatestExpansion) ?? .max
    try ImageDecoder.checkSize(
      width: width, height: height, longestSide: ImageLimits.maximumSide,
      mostPixels: mostBits / (Int(bytes[24]) * channelCount), file: file)
    try memory.check(limits, width: width, height: height, file: file, advice: "scale the picture down")
  }

  /// What is held at the peak: libpng keeps two rows, of at most 4 channels of 16 bits. Interlaced rows are put together
  /// in the picture itself.
  private var memory: ImageMemory {
    ImageMemory(
      lasting: [
        ImageMemory.Part(name: "file", byteCount: bytes.count),
        ImageMemory.Part(name: "samples", byteCount: 3 * width * height),
      ],
      decoder: ImageMemory.Part(name: "rows", byteCount: 2 * 8 * width))
  }

  func decoded() throws -> RGBImage {
    let sampleCount = 3 * width * height
    var message = [CChar](repeating: 0, count: 160)
    var status = CPNG_NO_MEMORY
    let samples = [UInt8](unsafeUninitializedCapacity: sampleCount) { samples, count in
      status = cpng_decode(
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, UInt32(width), UInt32(height),
        samples.baseAddress, &message, message.count)
      count = status == CPNG_OK ? sampleCount : 0
    }
    let reason = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    switch status {
    case CPNG_OK: return RGBImage(width: width, height: height, bytes: samples)
    case CPNG_TRUNCATED:
      throw FusionError.imageTruncated(
        file: file, expected: "a PNG file with the end chunk IEND",
        found: "the end of the file after \(bytes.count) bytes")
    case CPNG_NO_MEMORY: preconditionFailure("no memory for a PNG reader")
    default:
      throw FusionError.imageDamaged(
        file: file, expected: "a valid PNG picture of \(width) x \(height) pixels", found: reason)
    }
  }
}
