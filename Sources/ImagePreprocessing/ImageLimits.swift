/// What a picture may cost before it is refused: all limits, in one place.
///
/// A file of a few kilobytes can state a picture of gigabytes, so everything is told from headers, before memory is
/// taken or anything is decoded. Pixels, sides and the number of scans have fixed limits. Memory has one that can be
/// raised, and the work of scans follows it.
///
/// What counts as memory is what is held at the peak: the file (mapped, but resident once it was read), the picture at
/// 3 bytes a pixel (4 for CMYK), and the larger of what the decoder holds and what cutting the crops takes. PNG and
/// JPEG in one scan are decoded row by row and add little. JPEG in several scans, progressive or not, adds all of its
/// coefficients: 2 bytes for each sample of each component.
public struct ImageLimits: Sendable, Equatable {
  /// The most pixels that a file may state: 2 * 89478485, where Pillow too refuses a picture as a decompression bomb.
  public static let maximumPixelCount = 178_956_970

  /// The longest side in pixels, the one that libpng has by itself too.
  ///
  /// Every row costs time and every column a place in the rows that a decoder holds, however few pixels there are. A
  /// picture with a longer side would be less than 180 pixels the other way.
  public static let maximumSide = 1_000_000

  /// The longest side of a JPEG file in pixels, which is that of libjpeg.
  public static let maximumJPEGSide = 65_500

  /// The most scans of a JPEG file, which is TurboJPEG's limit too. Encoders write 1, or about 10 if progressive.
  public static let maximumScanCount = 500

  /// Bytes that reading a picture may take if nothing else is asked for.
  ///
  /// The program without a model takes under 100 MB, so the process stays below 1 GB. Photographs fit: 12000 x 9000
  /// pixels are 324 MB and the file, as progressive JPEG with halved colours 648 MB and the file, and the most pixels
  /// that are permitted 537 MB and the file.
  public static let standardMemoryByteCount = 800_000_000

  /// Bytes that reading a picture may take, cutting it into crops included; at least 0.
  public var memoryByteCount: Int

  /// Side in pixels of the crops that the picture is cut into afterwards, whose memory counts too; at least 1.
  public var cropSide: Int

  /// The limits that are meant where nothing else is said.
  public static let standard = ImageLimits()

  /// Collects the fields.
  ///
  /// - Precondition: `memoryByteCount` is not negative, and `cropSide` is at least 1.
  public init(memoryByteCount: Int = Self.standardMemoryByteCount, cropSide: Int = 384) {
    precondition(memoryByteCount >= 0 && cropSide > 0, "\(memoryByteCount) bytes for crops of side \(cropSide)")
    self.memoryByteCount = memoryByteCount
    self.cropSide = cropSide
  }

  /// Blocks of 64 coefficients that the scans of a JPEG file may pass in all: one for each 8 bytes of memory, so 100
  /// million by default.
  ///
  /// A scan passes all blocks of its components, even if its data says no more than that nothing changes. That takes
  /// about 10 ns a block, 1 s at the limit. Usual progressive files pass 8 to 14 times the blocks of their pixels, 24
  /// million for 12000 x 9000 pixels. An arithmetic-coded coefficient takes up to 170 ns whatever the size of its data,
  /// so it counts as a whole block.
  public var passedBlockCount: Int { memoryByteCount / 8 }
}
