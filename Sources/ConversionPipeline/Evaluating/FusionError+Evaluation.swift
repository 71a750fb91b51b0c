import FusionCore

extension FusionError.Code {
  /// Options of an evaluation contradict each other.
  public static let evaluationOption = Self("eval.option", .usage)
  /// A file of results is not what this program writes.
  public static let evaluationResults = Self("eval.results")
  /// A file of results belongs to another model, other questions or other options.
  public static let evaluationOtherRun = Self("eval.otherRun")
  /// Files of results do not make a whole.
  public static let evaluationIncomplete = Self("eval.incomplete")
}

extension FusionError {
  static func evaluationOption(_ option: String, expected: String, found: String) -> FusionError {
    FusionError(
      .evaluationOption, "options of the evaluation do not fit together", place: option, expected: expected,
      found: found, remedy: "see fusion-convert eval --help")
  }

  static func evaluationResults(_ file: String, line: Int, expected: String, found: String) -> FusionError {
    FusionError(
      .evaluationResults, "the file of results is damaged", file: file, place: "line \(line)", expected: expected,
      found: String(found.unicodeScalars.prefix(200)), remedy: "take the file away and run the evaluation again")
  }
}
