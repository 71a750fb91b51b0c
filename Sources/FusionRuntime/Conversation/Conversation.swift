import FusionCore

/// Questions and answers, and the texts that a model reads of them.
///
/// A FUSION model reads two: the prompt, and the instruction that guides its vision tower. Both grow with every
/// question. The instruction changes the image's features, so what was computed for one turn cannot be used for the
/// next.
///
/// A question is taken without image markers (see ``ImageMarker/removed(from:)``). Tokens of the template in it, such
/// as `<|end|>`, stay as they are, as in the reference: who may not write them has to be stopped earlier.
public struct Conversation: Sendable, Hashable {
  /// The wording around the messages.
  public let template: ConversationTemplate
  /// What the model is told first.
  public let systemPrompt: String
  /// Which image markers the prompt carries.
  public let markers: ConversationMarkers

  /// Whether the picture stands between its tokens in the prompt.
  private let wrapsImage: Bool
  private var questions: [String] = []
  private var answers: [String] = []

  /// An empty conversation.
  ///
  /// - Parameters:
  ///   - template: that of the model's family.
  ///   - systemPrompt: the template's own if not given; image markers are taken out of it.
  ///   - markers: `.image` if there is a picture.
  ///   - wrapsImage: whether the picture stands between `<vision_start>` and `<vision_end>` (`mm_use_im_start_end`).
  public init(
    template: ConversationTemplate, systemPrompt: String? = nil, markers: ConversationMarkers, wrapsImage: Bool = true
  ) {
    self.template = template
    self.systemPrompt = systemPrompt.map { ImageMarker.removed(from: $0) } ?? template.defaultSystemPrompt
    self.markers = markers
    self.wrapsImage = wrapsImage
  }

  /// How many questions were asked.
  public var turnCount: Int { questions.count }

  /// Whether the last question waits for its answer.
  public var isWaiting: Bool { questions.count > answers.count }

  /// Adds a question; the one before must have been answered.
  public mutating func ask(_ question: String) {
    precondition(!isWaiting, "a question before the last one's answer")
    questions.append(ImageMarker.removed(from: question))
  }

  /// Adds the answer to the last question.
  ///
  /// The reference puts back what the model wrote with its end token where decoding keeps it, and the template adds
  /// another one. Give the text with or without the token, according to which of the two should be matched. Words that
  /// stand for an image are taken out, since one that a model writes must not add a slot to the next prompt; the tokens
  /// around images stay, as in the reference.
  public mutating func answer(_ text: String) {
    precondition(isWaiting, "an answer without a question")
    answers.append(ImageMarker.removed(from: text, [.image, .latentImage]))
  }

  /// What the model reads next: everything so far and the beginning of an answer, if a question waits.
  public var prompt: String { text(turnCount: turnCount, isClosed: !isWaiting) }

  /// The prompt that a turn was, or is, answered from.
  ///
  /// Every turn's prompt begins the prompt of the next one, so the tokens of each tell where the last token of each
  /// question is in the last one.
  ///
  /// - Parameter turn: 0 ..< ``turnCount``.
  public func prompt(ofTurn turn: Int) -> String {
    precondition(turn >= 0 && turn < turnCount, "turn \(turn) of \(turnCount)")
    return text(turnCount: turn + 1, isClosed: false)
  }

  /// What guides the vision tower: all questions without separators between them, white space trimmed at both ends.
  public var instruction: String { questions.joined().trimmed }

  /// - Parameters:
  ///   - turnCount: turns from the first one on.
  ///   - isClosed: whether the last turn's answer is part of the text.
  private func text(turnCount: Int, isClosed: Bool) -> String {
    var text = template.systemHeader + systemPrompt + template.endToken
    for turn in 0..<turnCount {
      text += template.userHeader + markerText(ofTurn: turn) + questions[turn] + template.endToken
      text += template.assistantHeader
      // The published templates put nothing, not even the end token, where an answer is empty.
      if turn + 1 < turnCount || isClosed, !answers[turn].isEmpty { text += answers[turn] + template.endToken }
    }
    return text
  }

  private func markerText(ofTurn turn: Int) -> String {
    switch markers {
    case .none: ""
    case .latentsOnly: ImageMarker.latentBlock
    case .image:
      ImageMarker.latentBlock
        + (turn == 0 ? (wrapsImage ? ImageMarker.imageBlock : ImageMarker.image.rawValue) + "\n" : "")
    }
  }
}
