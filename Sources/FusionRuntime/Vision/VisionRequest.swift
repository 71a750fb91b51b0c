/// A picture and what is asked of it.
public struct VisionRequest: Sendable {
  /// Four quarters in row order, then the whole picture.
  public var crops: [ImageCropPixels]
  /// The bare question, all turns so far.
  public var instruction: [Int]
  /// Latent tokens of a turn; a perfect square.
  public var queryLength: Int
  /// Tokens that the picture is resized to before the decoder, a perfect square; `nil` for one a patch.
  public var imageTokenCount: Int?

  /// Collects the fields.
  ///
  /// - Precondition: five crops, at least one token, perfect squares.
  public init(crops: [ImageCropPixels], instruction: [Int], queryLength: Int, imageTokenCount: Int? = nil) {
    precondition(crops.count == 5 && !instruction.isEmpty, "\(crops.count) crops, \(instruction.count) tokens")
    precondition(queryLength.squareRoot != nil, "a query length of \(queryLength)")
    precondition(imageTokenCount.map { $0.squareRoot != nil } ?? true, "\(imageTokenCount ?? 0) image tokens")
    self.crops = crops
    self.instruction = instruction
    self.queryLength = queryLength
    self.imageTokenCount = imageTokenCount
  }
}

extension Int {
  /// The root of a perfect square; `nil` for any other number.
  public var squareRoot: Int? {
    guard self > 0 else { return nil }
    let root = Int(Double(self).squareRoot().rounded())
    // The root of the greatest integer is rounded up to one whose square does not fit.
    let (square, overflow) = root.multipliedReportingOverflow(by: root)
    return !overflow && square == self ? root : nil
  }
}
