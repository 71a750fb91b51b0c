internal import CJPEG
import FusionCore

/// A JPEG file whose frame header has been read.
struct JPEGPicture {
  private let markers: JPEGMarkers
  private let bytes: UnsafeRawBufferPointer
  private let file: String
  private let limits: ImageLimits

  /// A block of 64 pixels takes at least one bit of Huffman-coded data.
  private static let mostPixelsForOneByte = 8 * 64

  /// Walks the file's markers and holds kind, size, memory and scans against the limits.
  init(_ bytes: UnsafeRawBufferPointer, file: String, limits: ImageLimits) throws {
    markers = try JPEGMarkers(bytes, file: file)
    self.bytes = bytes
    self.file = file
    self.limits = limits
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
      width: markers.width, height: markers.height, longestSide: ImageLimits.maximumJPEGSide,
      mostPixels: markers.isArithmetic ? nil : mostPixels, file: file)
    try checkMemory()
    try JPEGCost(markers, fileByteCount: bytes.count).checkScans(limits, file: file)
  }

  private func checkMemory(copiesFile: Bool = false) throws {
    let cost = JPEGCost(markers, fileByteCount: bytes.count)
    try cost.memory(copiesFile: copiesFile).check(
      limits, width: markers.width, height: markers.height, file: file,
      advice: (cost.keepsCoefficients ? "save it anew as a baseline JPEG, " : "") + "scale the picture down")
  }

  func decoded() throws -> RGBImage {
    let isCMYK = markers.componentCount == 4
    let decoder = try TurboDecoder(bytes, width: markers.width, height: markers.height, file: file)
    let sampleCount = (isCMYK ? 4 : 3) * markers.width * markers.height
    let samples = try [UInt8](unsafeUninitializedCapacity: sampleCount) { samples, count in
      try decode(with: decoder, into: samples, isCMYK ? .cmyk : .rgb)
      count = isCMYK ? Self.convert(invertedCMYK: samples) : sampleCount
    }
    return RGBImage(width: markers.width, height: markers.height, bytes: samples)
  }

  /// Decodes the whole picture. Nothing but stray bytes is forgiven: any other warning is lost pixels.
  private func decode(
    with decoder: TurboDecoder, into samples: UnsafeMutableBufferPointer<UInt8>, _ kind: TurboDecoder.SampleKind
  ) throws {
    guard let message = decoder.decode(bytes, into: samples, kind) else { return }
    guard JPEGStrayBytes.isMeant(by: message) else { throw decoder.damaged(message) }
    try checkMemory(copiesFile: true)
    let mostDecodings = JPEGCost(markers, fileByteCount: bytes.count).mostDecodings(limits)
    var cleaned = JPEGStrayBytes(bytes, markers, mostDecodings: mostDecodings)
    let reason = try cleaned.remove(behindScans: !markers.isArithmetic, file: file) {
      decoder.decode($0, into: samples, kind)
    }
    if let reason { throw decoder.damaged(reason) }
  }

  /// Turns CMYK into RGB in its own place, and returns how many samples that is.
  ///
  /// Pillow takes four components for what Adobe's programs write, inverted values, and multiplies in integers.
  private static func convert(invertedCMYK samples: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let pixelCount = samples.count / 4
    for pixel in 0..<pixelCount {
      let black = Int(samples[4 * pixel + 3])
      // A sample is written where it or an earlier one was read.
      for channel in 0..<3 {
        let product = (255 - Int(samples[4 * pixel + channel])) * black + 128
        let ink = (product >> 8 + product) >> 8
        samples[3 * pixel + channel] = UInt8(clamping: black - ink)
      }
    }
    return 3 * pixelCount
  }
}
