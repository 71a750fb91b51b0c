/// One thing that models read from its first token to its last: to be compared, or to be calibrated.
enum MeasuredSample: Sendable {
  /// A question with its answer, with or without a picture.
  case question(ComparisonSample)
  /// Tokens of a stretch of text; two at least.
  case text([Int])

  /// Whether it has a picture.
  var hasPicture: Bool {
    guard case .question(let sample) = self else { return false }
    return sample.picture != nil
  }
}
