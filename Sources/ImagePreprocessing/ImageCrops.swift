/// Cuts a picture into the crops that the vision tower sees.
public enum ImageCrops {
  /// The five crops of `static_hd`, each `side` x `side`; the aspect ratio is not kept.
  ///
  /// First the four quadrants of the picture at twice the side (top left, top right, bottom left, bottom right), then
  /// the whole picture. Both sizes are made from the original.
  ///
  /// - Parameter side: the tower's `image_size`, at least 1.
  public static func staticHD(_ image: RGBImage, side: Int = 384) -> [RGBImage] {
    precondition(side > 0, "crops of side \(side)")
    let large = PillowResize.bicubic(image, width: 2 * side, height: 2 * side)
    let corners = [(0, 0), (side, 0), (0, side), (side, side)]
    let quadrants = corners.map { left, top in large.cropped(left: left, top: top, width: side, height: side) }
    return quadrants + [PillowResize.bicubic(image, width: side, height: side)]
  }

  /// Bytes that ``staticHD(_:side:)`` takes at its peak, without the picture itself.
  static func workingByteCount(width: Int, height: Int, side: Int) -> Int {
    // The quadrants are as many samples as the picture that they are cut from.
    let quadrants = 3 * 4 * side * side
    let large = PillowResize.workingByteCount(from: (width, height), to: (2 * side, 2 * side))
    let small = PillowResize.workingByteCount(from: (width, height), to: (side, side))
    return quadrants + max(large, quadrants + small)
  }
}
