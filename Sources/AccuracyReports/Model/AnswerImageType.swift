/// Media types of pictures in a report; no others are shown, for a browser would have to guess.
public enum AnswerImageType: String, Codable, Sendable, CaseIterable {
  /// PNG.
  case png = "image/png"
  /// JPEG.
  case jpeg = "image/jpeg"
}
