import FusionRuntime
import ImagePreprocessing
import MappedFiles

/// Reads a picture as the crops that a vision tower wants.
enum PictureReader {
  /// The five crops of a picture, and what of it is not seen.
  ///
  /// - Parameters:
  ///   - side: pixels along one side of a crop.
  ///   - memoryLimit: bytes that reading the picture may take.
  /// - Throws: `.cannotOpen`; what is wrong with the picture.
  static func crops(
    _ picture: PictureInput, side: Int, memoryLimit: Int
  ) throws -> (crops: [RGBImage], notices: [String]) {
    let limits = ImageLimits(memoryByteCount: memoryLimit, cropSide: side)
    func read(_ bytes: UnsafeRawBufferPointer, _ name: String) throws -> (crops: [RGBImage], notices: [String]) {
      let image = try ImageDecoder.decode(bytes, file: name, limits: limits)
      return (ImageCrops.staticHD(image, side: side), ImageRemarks.of(bytes))
    }
    switch picture {
    case .file(let path):
      let file = try MappedFile(path: path)
      return try file.withBytes(in: 0..<file.byteCount) { try read($0, path) }
    case .encoded(let bytes, let name):
      return try bytes.withUnsafeBytes { try read($0, name) }
    }
  }

  /// A crop as the tower's input.
  static func pixels(_ crop: RGBImage) -> ImageCropPixels {
    ImageCropPixels(side: crop.width, values: PixelValues.planar(crop))
  }
}
