import FusionCore
import ImagePreprocessing

/// Pictures: three samples for each pixel, the same on a second run, and crops of the size asked for.
enum ImageFuzzing {
  /// Larger pictures are decoded by a few inputs only and would take most of the time.
  private static let mostCroppedPixels = 1 << 18
  private static let side = 14

  static func run(_ bytes: UnsafeRawBufferPointer) throws {
    let image = try ImageDecoder.decode(bytes, file: "fuzz.png")
    try FuzzFinding.require(
      image.width > 0 && image.height > 0 && image.bytes.count == 3 * image.width * image.height,
      "\(image.bytes.count) samples for \(image.width) x \(image.height) pixels")
    guard image.width * image.height <= mostCroppedPixels else { return }
    let again = try FuzzFinding.accepting("the second run") { try ImageDecoder.decode(bytes, file: "fuzz.png") }
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
