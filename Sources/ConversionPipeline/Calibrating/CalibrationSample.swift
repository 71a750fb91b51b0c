/// One thing that a model is calibrated on.
enum CalibrationSample: Sendable {
  /// A question with its answer, with or without a picture.
  case question(ComparisonSample)
  /// Tokens of a stretch of text.
  case text([Int])

  /// Whether it has a picture.
  var hasPicture: Bool {
    guard case .question(let sample) = self else { return false }
    return sample.picture != nil
  }
}
