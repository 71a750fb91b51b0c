import FusionCore

extension FusionError.Code {
  /// The bytes are neither PNG nor JPEG.
  public static let unknownImageFormat = Self("image.unknownFormat")
}
