extension QuestionKind {
  /// The kind that the answers and options of a question speak for, where a file does not state it.
  ///
  /// One answer yes or no is a yes/no question; options, in a field or lettered in the text, together with an answer
  /// that is a letter or an option make a choice; any other answer is short, and no answer makes the question one that
  /// is not judged.
  static func inferred(answers: [String], options: [String], text: String) -> QuestionKind {
    guard let answer = answers.first else { return .long }
    if answers.count == 1, YesNoAnswer.exact(answer) != nil { return .yesNo }
    let known = options.isEmpty ? OptionList.parse(text) : options
    return known.count >= 2 && ChoiceAnswer.letter(in: answer, options: known) != nil ? .choice : .short
  }
}
