import QuestionSets

/// One thing that both models are shown.
struct ComparisonSample: Sendable {
  /// The question, with its answer if one is known.
  var question: Question
  /// What is asked about; `nil` for text alone.
  var picture: PictureInput?
}
