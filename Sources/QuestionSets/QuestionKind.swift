/// How the answer to a question is judged.
public enum QuestionKind: String, Sendable, Hashable, CaseIterable {
  /// Yes or no.
  case yesNo = "yes/no"
  /// A letter of the options in the text.
  case choice = "choice"
  /// A word or a few, compared after the normalisation of VQA.
  case short = "short"
  /// Free text that no accuracy is computed of.
  case long = "long"
}
