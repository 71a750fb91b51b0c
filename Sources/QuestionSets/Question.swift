/// One line of a question file: a question, usually about a picture, and what its answer is to be judged by.
public struct Question: Sendable, Hashable {
  /// The file's name of the question; unique in it, except for pairs that a benchmark scores together.
  public var identifier: String
  /// Path of the picture as the file states it, relative to the picture folder; `nil` for text alone.
  public var image: String?
  /// What is asked, without image markers.
  public var text: String
  /// Accepted answers, the first one the right one; empty if the file states none.
  public var answers: [String]
  /// Part of the file that the question counts for, for example `SynthColor`; empty if the file states none.
  public var category: String
  /// How an answer is judged.
  public var kind: QuestionKind

  /// Collects the fields.
  public init(
    identifier: String, image: String? = nil, text: String, answers: [String], category: String = "",
    kind: QuestionKind
  ) {
    self.identifier = identifier
    self.image = image
    self.text = text
    self.answers = answers
    self.category = category
    self.kind = kind
  }
}
