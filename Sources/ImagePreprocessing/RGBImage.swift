import FusionCore

/// A picture of 8-bit red, green and blue samples, interleaved, rows from top to bottom without gaps.
public struct RGBImage: Sendable, Equatable {
  /// Pixels of a row; at least 1.
  public let width: Int
  /// Rows; at least 1.
  public let height: Int
  /// Samples, 3 * ``width`` * ``height`` of them.
  public let bytes: [UInt8]

  /// Collects the fields.
  ///
  /// - Precondition: both sizes are at least 1 and `bytes` has three samples for each pixel.
  public init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture of \(width) x \(height)")
    let sampleCount = CheckedArithmetic.product(width, height).flatMap { CheckedArithmetic.product($0, 3) }
    precondition(bytes.count == sampleCount, "\(bytes.count) samples for a picture of \(width) x \(height)")
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// A copied part of the picture.
  ///
  /// - Parameters:
  ///   - left: the first column of the part.
  ///   - top: the first row of the part.
  ///   - width: columns of the part, at least 1.
  ///   - height: rows of the part, at least 1.
  /// - Precondition: the part lies within the picture.
  public func cropped(left: Int, top: Int, width: Int, height: Int) -> RGBImage {
    precondition(
      left >= 0 && top >= 0 && width > 0 && height > 0 && width <= self.width - left && height <= self.height - top,
      "a part of \(width) x \(height) at \(left), \(top) of a picture of \(self.width) x \(self.height)")
    var part: [UInt8] = []
    part.reserveCapacity(3 * width * height)
    for row in top..<(top + height) {
      let start = 3 * (row * self.width + left)
      part.append(contentsOf: bytes[start..<(start + 3 * width)])
    }
    return RGBImage(width: width, height: height, bytes: part)
  }
}
