/// One question of a question file, usually about a picture, and what its answer is to be judged by.
public struct Question: Sendable, Hashable {
  /// The file's name of the question; unique in its set. Where a published file repeats one, the second has `#2` at
  /// its end, and so on.
  public var identifier: String
  /// Path of the picture as the file states it, relative to the picture folder; `nil` for text alone.
  public var image: String?
  /// What is asked, without image markers.
  public var text: String
  /// Accepted answers, the first one the right one; those of ten people for the soft score of VQA; empty if the file
  /// states none.
  public var answers: [String]
  /// Part of the file that the question counts for, for example `SynthColor`; empty if the file states none.
  public var category: String
  /// How an answer is judged.
  public var kind: QuestionKind
  /// What there is to choose from, in the order of the letters; empty if the question is not of that kind, or the
  /// options are not known.
  public var options: [String]
  /// Name that is common to questions which count only if all of them are right, such as the two about one picture of
  /// MME; `nil` for a question by itself.
  public var group: String?
  /// Bytes of the question file that hold the picture in base64; `nil` for a picture in a file of its own, or none.
  public var embeddedImage: Range<Int>?

  /// Collects the fields.
  public init(
    identifier: String, image: String? = nil, text: String, answers: [String], category: String = "",
    kind: QuestionKind, options: [String] = [], group: String? = nil, embeddedImage: Range<Int>? = nil
  ) {
    self.identifier = identifier
    self.image = image
    self.text = text
    self.answers = answers
    self.category = category
    self.kind = kind
    self.options = options
    self.group = group
    self.embeddedImage = embeddedImage
  }

  /// Whether answers can be judged: an answer is stated, and the kind has a measure.
  public var isScored: Bool { kind != .long && !answers.isEmpty }
}
