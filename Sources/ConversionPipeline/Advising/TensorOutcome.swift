/// What a conversion does to one tensor, judged by a selection of its rows.
struct TensorOutcome: Sendable {
  /// Squared error of outputs over their squares.
  var relativeError = 0.0
  /// Seconds that one thread takes for the whole tensor, from reading to reading back.
  var threadSeconds = 0.0
  /// Seconds that all threads take together, for what a tensor's input asks for once.
  var teamSeconds = 0.0
}
