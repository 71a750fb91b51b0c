/// Labels that stand for no token.
enum TrainingLabel {
  /// No loss here.
  static let ignored = -100
  /// The last prompt token of a turn: no loss here either.
  static let instruction = -400
}
