import FusionRuntime
import ImagePreprocessing
import MappedFiles

/// Reads a picture as the crops that a vision tower wants.
enum PictureReader {
  /// The five crops of a picture.
  ///
  /// - Parameter side: pixels along one side of a crop.
  /// - Throws: `.cannotOpen`; what is wrong with the picture.
  static func crops(_ picture: PictureInput, side: Int) throws -> [RGBImage] {
    ImageCrops.staticHD(try decode(picture), side: side)
  }

  private static func decode(_ picture: PictureInput) throws -> RGBImage {
    switch picture {
    case .file(let path):
      let file = try MappedFile(path: path)
      return try file.withBytes(in: 0..<file.byteCount) { try ImageDecoder.decode($0, file: path) }
    case .encoded(let bytes, let name):
      return try bytes.withUnsafeBytes { try ImageDecoder.decode($0, file: name) }
    }
  }

  /// A crop as the tower's input.
  static func pixels(_ crop: RGBImage) -> ImageCropPixels {
    ImageCropPixels(side: crop.width, values: PixelValues.planar(crop))
  }
}
