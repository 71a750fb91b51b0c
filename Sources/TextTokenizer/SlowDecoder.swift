/// Turns the tokens of a slow tokenizer into text as they come.
///
/// The reference collects tokens into groups between added tokens, decodes each group on its own and joins all with
/// spaces; a group that gives no text counts only at the very end.
struct SlowDecoder: Sendable {
  private let tokenizer: SlowTokenizer
  private let skipsSpecialTokens: Bool

  /// Whether a group or an added token has been put out, so that the next one needs a space.
  private var hasOutput = false
  /// Tokens of the open group.
  private var groupCount = 0
  private var groupHasOutput = false
  private var previousIsSpecial = false
  private var pieces: SentencePieceDecoder
  /// In legacy mode the text since the last special token, before which a space may still have to stand.
  private var heldBack: [UInt8] = []

  init(tokenizer: SlowTokenizer, skippingSpecialTokens: Bool) {
    self.tokenizer = tokenizer
    skipsSpecialTokens = skippingSpecialTokens
    pieces = SentencePieceDecoder(model: tokenizer.model)
  }

  /// Takes a token and appends what is certain. One that is out of range is left out.
  mutating func append(_ identifier: Int, to output: inout [UInt8]) {
    if skipsSpecialTokens, tokenizer.specialIdentifiers.contains(identifier) { return }
    guard let token = tokenizer.content(of: identifier) else { return }
    if skipsSpecialTokens, tokenizer.specialContents.contains(token) { return }
    guard tokenizer.separated.contains(token) else {
      appendToGroup(token, to: &output)
      return
    }
    endPieces(to: &output)
    hasOutput = hasOutput || groupHasOutput
    startGroup()
    if hasOutput { output.append(0x20) }
    output.append(contentsOf: token)
    hasOutput = true
  }

  /// Appends what was kept back.
  mutating func finish(to output: inout [UInt8]) {
    endPieces(to: &output)
    if groupCount > 0, !groupHasOutput, hasOutput { output.append(0x20) }
    startGroup()
    hasOutput = false
  }

  private mutating func startGroup() {
    groupCount = 0
    groupHasOutput = false
    previousIsSpecial = false
  }

  private mutating func appendToGroup(_ original: [UInt8], to output: inout [UInt8]) {
    var token = original
    let index = groupCount
    groupCount += 1
    if index == 0, tokenizer.addsPrefixSpace, token.starts(with: SentencePieceModel.space) {
      token.removeFirst(SentencePieceModel.space.count)
    }
    if tokenizer.specialContents.contains(token) {
      if !previousIsSpecial, index != 0, tokenizer.isLegacy { put([0x20], to: &output) }
      endPieces(to: &output)
      put(token, to: &output)
      previousIsSpecial = true
      return
    }
    if previousIsSpecial, index == 1, tokenizer.addsPrefixSpace, !token.starts(with: SentencePieceModel.space) {
      put([0x20], to: &output)
    }
    previousIsSpecial = false
    var text: [UInt8] = []
    pieces.append(token, to: &text)
    if tokenizer.isLegacy { heldBack.append(contentsOf: text) } else { put(text, to: &output) }
  }

  private mutating func endPieces(to output: inout [UInt8]) {
    var text = heldBack
    heldBack = []
    pieces.finish(to: &text)
    put(text, to: &output)
  }

  /// Appends text of the open group, with a space before it where it is the group's first.
  private mutating func put(_ text: [UInt8], to output: inout [UInt8]) {
    guard !text.isEmpty else { return }
    if !groupHasOutput, hasOutput { output.append(0x20) }
    groupHasOutput = true
    output.append(contentsOf: text)
  }
}
