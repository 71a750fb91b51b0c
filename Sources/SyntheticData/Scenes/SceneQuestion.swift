/// A question about a scene, in words, with its answer.
public struct SceneQuestion: Sendable, Hashable {
  /// How the question is to be answered; the raw value is the type that question files state.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// With yes or no.
    case yesNo = "yes/no"
    /// With the letter of an option.
    case choice
    /// With a word.
    case short
    /// With several sentences.
    case long
  }

  /// What is asked, without options and without the request for a form of answer.
  public var question: String
  /// The text for a model: the question, options, and how to answer.
  public var text: String
  /// The right answer.
  public var answer: String
  /// All accepted answers, the right one first.
  public var answers: [String]
  /// The answer as a person would say it, where `answer` is a letter: the option's words.
  public var spokenAnswer: String
  /// What it is about.
  public var category: SceneCategory
  /// How it is to be answered.
  public var form: Form
}
