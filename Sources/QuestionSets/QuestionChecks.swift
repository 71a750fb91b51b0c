import FusionCore

/// Rules for a question's fields that all forms share.
enum QuestionChecks {
  /// Proves that a stated answer can be judged by, and that the picture's path stays in its folder.
  ///
  /// - Parameter field: the field that the answers come from.
  /// - Throws: `.questionWrongField`, `.questionPicturePath`.
  static func check(_ question: Question, _ place: QuestionPlace, field: String?) throws {
    try checkPath(question.image, place)
    guard let answer = question.answers.first else { return }
    let field = field ?? "answer"
    switch question.kind {
    case .yesNo:
      guard YesNoAnswer.exact(answer) != nil else { throw place.wrong(field, expected: "yes or no", found: answer) }
    case .choice:
      guard ChoiceAnswer.letter(in: answer, options: question.options) != nil else {
        let letters = question.options.isEmpty ? "" : " of the \(question.options.count) options"
        throw place.wrong(field, expected: "a letter\(letters), as (A), or an option's text", found: answer)
      }
    case .short, .long: break
    }
  }

  private static func checkPath(_ path: String?, _ place: QuestionPlace) throws {
    guard let path else { return }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard path.isEmpty || path.hasPrefix("/") || parts.contains("..") || parts.contains("") else { return }
    throw FusionError(
      .questionPicturePath, "the path of a picture is not one inside the picture folder", file: place.file,
      place: "line \(place.line), field image", expected: "a path relative to the picture folder, without ..",
      found: QuestionPlace.shortened(path), remedy: "state the path relative to the folder given with --images")
  }
}
