internal import CJPEG
import FusionCore

/// A JPEG file whose frame header has been read.
struct JPEGPicture {
  private let markers: JPEGMarkers
  private let bytes: UnsafeRawBufferPointer
  private let file: String

  /// A block of 64 pixels takes at least one bit of Huffman-coded data.
  private static let mostPixelsForOneByte = 8 * 64

  /// Walks the file's markers and holds kind and size against the limits.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws {
    markers = try JPEGMarkers(bytes, file: file)
    self.bytes = bytes
    self.file = file
    guard [0xC0, 0xC1, 0xC2, 0xC9, 0xCA].contains(markers.frameMarker), markers.precision == 8 else {
      let names: [UInt8: String] = [0xC3: "lossless", 0xCB: "lossless", 0xC0: "baseline", 0xC1: "sequential"]
      let name = names[markers.frameMarker] ?? (markers.frameMarker & 0x3 == 2 ? "progressive" : "hierarchical")
      throw FusionError.imageUnsupported(
        file: file, expected: "a baseline, sequential or progressive JPEG of 8 bits",
        found: "a \(name) JPEG of \(markers.precision) bits")
    }
    guard [1, 3, 4].contains(markers.componentCount) else {
      throw FusionError.imageUnsupported(
        file: file, expected: "1, 3 or 4 colour components", found: "\(markers.componentCount)")
    }
    let mostPixels = CheckedArithmetic.product(bytes.count, Self.mostPixelsForOneByte)
    try ImageDecoder.checkSize(
      width: markers.width, height: markers.height, mostPixels: markers.isArithmetic ? nil : mostPixels, file: file)
  }

  func decoded() throws -> RGBImage {
    let isCMYK = markers.componentCount == 4
    let decoder = try TurboDecoder(bytes, width: markers.width, height: markers.height, file: file)
    let samples = try decoder.samples(channelCount: isCMYK ? 4 : 3, markers)
    return RGBImage(
      width: markers.width, height: markers.height, bytes: isCMYK ? Self.converted(invertedCMYK: samples) : samples)
  }

  /// Pillow takes four components for what Adobe's programs write, inverted values, and multiplies in integers.
  private static func converted(invertedCMYK samples: [UInt8]) -> [UInt8] {
    let pixelCount = samples.count / 4
    return [UInt8](unsafeUninitializedCapacity: 3 * pixelCount) { target, count in
      for pixel in 0..<pixelCount {
        let black = Int(samples[4 * pixel + 3])
        for channel in 0..<3 {
          let product = (255 - Int(samples[4 * pixel + channel])) * black + 128
          let ink = (product >> 8 + product) >> 8
          target[3 * pixel + channel] = UInt8(clamping: black - ink)
        }
      }
      count = 3 * pixelCount
    }
  }
}
