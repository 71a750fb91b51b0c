/// A normalized crop of a picture, the tower's input.
public struct ImageCropPixels: Sendable {
  /// Pixels along one side.
  public let side: Int
  /// Values as [3, side, side].
  public let values: [Float]

  /// - Precondition: three planes of side x side values.
  public init(side: Int, values: [Float]) {
    precondition(values.count == 3 * side * side, "\(values.count) values for a side of \(side)")
    self.side = side
    self.values = values
  }

  /// A crop of zeros, which stands for "no picture" in the reference's training.
  public static func zeros(side: Int) -> ImageCropPixels {
    ImageCropPixels(side: side, values: [Float](repeating: 0, count: 3 * side * side))
  }
}
