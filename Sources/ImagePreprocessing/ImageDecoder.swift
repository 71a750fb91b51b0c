import FusionCore

/// Reads PNG and JPEG as Pillow's `Image.open(file).convert("RGB")` does, to the byte.
///
/// Alpha, transparent colours, colour profiles, gamma and EXIF orientation are left out of account, 16-bit grey is cut
/// off at 255, and an animated PNG gives its still picture. Palette indexes without an entry are black, as in Pillow
/// since version 10 (older ones: grey).
///
/// What Pillow reads on in spite of damage is refused: a missing end of file, wrong checksums, a palette picture without
/// palette, compressed data that does not add up to the picture.
public enum ImageDecoder {
  /// Decodes a whole file.
  ///
  /// - Parameters:
  ///   - bytes: the file's content.
  ///   - file: its path, for errors.
  ///   - limits: what it may cost.
  /// - Throws: `FusionError` with `.unknownImageFormat`, `.imageTooLarge`, `.imageTooMuchMemory`, `.imageTooManyScans`,
  ///   `.imageTruncated`, `.imageDamaged` or `.imageUnsupported`. The limits are checked before memory is taken for the
  ///   picture.
  public static func decode(_ bytes: [UInt8], file: String, limits: ImageLimits = .standard) throws -> RGBImage {
    try bytes.withUnsafeBytes { try decode($0, file: file, limits: limits) }
  }

  /// Decodes a whole file; the bytes are read during the call only.
  ///
  /// - Throws: as the form for an array.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, file: String, limits: ImageLimits = .standard
  ) throws -> RGBImage {
    switch ImageFormat(bytes) {
    case .png: return try PNGPicture(bytes, file: file, limits: limits).decoded()
    case .jpeg: return try JPEGPicture(bytes, file: file, limits: limits).decoded()
    case .other(let description):
      throw FusionError(
        .unknownImageFormat, "the file is not a picture that can be read", file: file, expected: "PNG or JPEG",
        found: description, remedy: "convert the picture to PNG or JPEG")
    }
  }

  /// Holds a stated size against the limits, and against the largest that this many bytes of a file can hold.
  static func checkSize(width: Int, height: Int, longestSide: Int, mostPixels: Int?, file: String) throws {
    guard width > 0, height > 0 else {
      throw FusionError.imageDamaged(
        file: file, place: "the header", expected: "a width and a height of at least 1",
        found: "\(width) x \(height) pixels")
    }
    let pixelCount = CheckedArithmetic.product(width, height)
    func tooLarge(_ expected: String) -> FusionError {
      FusionError(
        .imageTooLarge, "the picture is too large", file: file, place: "the header", expected: expected,
        found: "\(width) x \(height) pixels", remedy: "scale the picture down; the model sees 768 x 768 pixels of it")
    }
    guard let pixelCount, pixelCount <= ImageLimits.maximumPixelCount else {
      throw tooLarge("at most \(ImageLimits.maximumPixelCount) pixels")
    }
    guard max(width, height) <= longestSide else { throw tooLarge("sides of at most \(longestSide) pixels") }
    if let mostPixels, pixelCount > mostPixels {
      throw FusionError.imageTruncated(
        file: file, expected: "data for \(width) x \(height) pixels, as the header states",
        found: "a file that cannot hold more than \(mostPixels) of these \(pixelCount) pixels")
    }
  }
}
