import FusionRuntime
import ImagePreprocessing
import MappedFiles

/// Reads a picture as the crops that a vision tower wants.
enum PictureReader {
  /// The five crops of a picture.
  ///
  /// - Parameters:
  ///   - side: pixels along one side of a crop.
  ///   - memoryLimit: bytes that reading the picture may take.
  /// - Throws: `.cannotOpen`; what is wrong with the picture.
  static func crops(_ picture: PictureInput, side: Int, memoryLimit: Int) throws -> [RGBImage] {
    let limits = ImageLimits(memoryByteCount: memoryLimit, cropSide: side)
    return ImageCrops.staticHD(try decode(picture, limits), side: side)
  }

  private static func decode(_ picture: PictureInput, _ limits: ImageLimits) throws -> RGBImage {
    switch picture {
    case .file(let path):
      let file = try MappedFile(path: path)
      return try file.withBytes(in: 0..<file.byteCount) { try ImageDecoder.decode($0, file: path, limits: limits) }
    case .encoded(let bytes, let name):
      return try bytes.withUnsafeBytes { try ImageDecoder.decode($0, file: name, limits: limits) }
    }
  }

  /// A crop as the tower's input.
  static func pixels(_ crop: RGBImage) -> ImageCropPixels {
    ImageCropPixels(side: crop.width, values: PixelValues.planar(crop))
  }
}
