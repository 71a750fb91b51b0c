import QuestionSets

/// One thing that both models are shown.
struct ComparisonSample: Sendable {
  /// The question, with its answer if one is known.
  var question: Question
  /// Path of the picture that can be opened; `nil` for text alone.
  var imagePath: String?
}
