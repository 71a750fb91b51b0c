import FusionCore

extension FusionError.Code {
  /// The bytes are neither PNG nor JPEG.
  public static let unknownImageFormat = Self("image.unknownFormat")
  /// The picture has more pixels or a longer side than ``ImageLimits`` permits.
  public static let imageTooLarge = Self("image.tooLarge")
  /// Reading the picture would take more memory than ``ImageLimits/memoryByteCount``.
  public static let imageTooMuchMemory = Self("image.tooMuchMemory")
  /// A JPEG file has more scans than ``ImageLimits`` permits, or scans that take too long for its size.
  public static let imageTooManyScans = Self("image.tooManyScans")
  /// The file ends before the picture does.
  public static let imageTruncated = Self("image.truncated")
  /// The bytes break the rules of their format.
  public static let imageDamaged = Self("image.damaged")
  /// The file is a valid picture of a kind that is not read, such as 12-bit JPEG.
  public static let imageUnsupported = Self("image.unsupported")
}

extension FusionError {
  static func imageTruncated(file: String, expected: String, found: String) -> FusionError {
    FusionError(
      .imageTruncated, "the picture is cut off", file: file, expected: expected, found: found,
      remedy: "copy or download the file again")
  }

  static func imageDamaged(file: String, place: String? = nil, expected: String, found: String) -> FusionError {
    FusionError(
      .imageDamaged, "the picture is damaged", file: file, place: place, expected: expected, found: found,
      remedy: "copy or download the file again, or save it anew with the program that made it")
  }

  static func imageUnsupported(file: String, expected: String, found: String) -> FusionError {
    FusionError(
      .imageUnsupported, "this kind of picture cannot be read", file: file, expected: expected, found: found,
      remedy: "convert it to an ordinary 8-bit PNG or JPEG")
  }
}
