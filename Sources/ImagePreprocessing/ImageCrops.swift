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
}
