import FusionRuntime
import ImagePreprocessing
import MappedFiles

/// Reads a picture as the crops that a vision tower wants.
enum PictureReader {
  /// The five crops of a PNG or JPEG file.
  ///
  /// - Parameter side: pixels along one side of a crop.
  /// - Throws: `.cannotOpen`; what is wrong with the picture.
  static func crops(_ path: String, side: Int) throws -> [RGBImage] {
    let file = try MappedFile(path: path)
    let image = try file.withBytes(in: 0..<file.byteCount) { try ImageDecoder.decode($0, file: path) }
    return ImageCrops.staticHD(image, side: side)
  }

  /// The five crops of a PNG or JPEG file in memory.
  ///
  /// - Parameters:
  ///   - name: what the picture is called in errors.
  ///   - side: pixels along one side of a crop.
  /// - Throws: what is wrong with the picture.
  static func crops(_ bytes: [UInt8], name: String, side: Int) throws -> [RGBImage] {
    ImageCrops.staticHD(try bytes.withUnsafeBytes { try ImageDecoder.decode($0, file: name) }, side: side)
  }

  /// A crop as the tower's input.
  static func pixels(_ crop: RGBImage) -> ImageCropPixels {
    ImageCropPixels(side: crop.width, values: PixelValues.planar(crop))
  }
}
