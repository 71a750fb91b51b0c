import FusionCore
import ImagePreprocessing

/// Pictures: three samples for each pixel, the same on a second run, and crops of the size asked for.
enum ImageFuzzing {
  /// Larger pictures are decoded by a few inputs only and would take most of the time.
  private static let mostCroppedPixels = 1 << 18
  private static let side = 14
  /// Few bytes may rightly state the largest picture that is permitted, which takes seconds and hundreds of megabytes.
  private static let limits = ImageLimits(memoryByteCount: 24_000_000, cropSide: side)

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    try sealed(Array(bytes)).withUnsafeBytes(check)
  }

  /// The file with right checksums in all parts of a PNG file but the last, which would stop every other mutation.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return bytes }
    var sealed = bytes
    var start = 8
    // A part is a length, a name, so many bytes, and a checksum of name and bytes.
    while sealed.count - start > 24 {
      let length = sealed[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
      guard length <= sealed.count - start - 24 else { break }
      let end = start + 8 + length
      let checksum = CyclicChecksum.of(sealed[(start + 4)..<end])
      for byte in 0..<4 { sealed[end + byte] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32(byte))) }
      start = end + 4
    }
    return sealed
  }

  private static func check(_ bytes: UnsafeRawBufferPointer) throws {
    let image = try ImageDecoder.decode(bytes, file: "fuzz.png", limits: limits)
    try FuzzFinding.require(
      image.width > 0 && image.height > 0 && image.bytes.count == 3 * image.width * image.height,
      "\(image.bytes.count) samples for \(image.width) x \(image.height) pixels")
    guard image.width * image.height <= mostCroppedPixels else { return }
    let again = try FuzzFinding.accepting("the second run") {
      try ImageDecoder.decode(bytes, file: "fuzz.png", limits: limits)
    }
    try FuzzFinding.require(again == image, "decoding twice gives two pictures")
    let crops = ImageCrops.staticHD(image, side: side)
    try FuzzFinding.require(crops.count == 5, "\(crops.count) crops")
    for crop in crops {
      try FuzzFinding.require(
        crop.width == side && crop.height == side && crop.bytes.count == 3 * side * side,
        "a crop of \(crop.width) x \(crop.height)")
      let values = PixelValues.planar(crop)
      try FuzzFinding.require(
        values.count == 3 * side * side && values.allSatisfy { abs($0) <= 1 }, "pixel values outside of -1...1")
    }
  }
}
