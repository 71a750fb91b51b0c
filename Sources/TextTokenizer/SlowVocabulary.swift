/// The added tokens of a slow tokenizer after the reference's constructor has run.
struct SlowVocabulary {
  private(set) var identifiers: [[UInt8]: Int] = [:]
  private(set) var tokens: [Int: AddedToken] = [:]
  /// Contents of the tokens with a role, each once.
  private(set) var special: [[UInt8]] = []
  /// Texts that have an identifier, which the reference calls the tokenizer's length.
  private(set) var count: Int

  /// Adds what the files list, then what has a role and is not there yet.
  ///
  /// - Parameters:
  ///   - added: tokens with their identifiers, from the files.
  ///   - named: tokens with a role, in the reference's order.
  init(
    model: SentencePieceModel, added: [(identifier: Int, token: AddedToken)], named: [TokenizerSettings.SpecialToken]
  ) {
    for (identifier, token) in added { tokens[identifier] = token }
    for (identifier, token) in added where tokens[identifier] == token { identifiers[token.content] = identifier }
    count = 0
    // A text's identifier is the last that has it: pieces first, in order, then added tokens, in order.
    var known: [[UInt8]: Int] = [:]
    for (identifier, piece) in model.pieces.enumerated() {
      known[tokens[identifier]?.content ?? piece.text] = identifier
    }
    for (identifier, token) in tokens.sorted(by: { $0.key < $1.key }) { known[token.content] = identifier }
    var next = known.count
    for candidate in named where !special.contains(candidate.content) {
      special.append(candidate.content)
      let isPlain = candidate.flags == nil
      if candidate.content.isEmpty || isPlain && identifiers[candidate.content] != nil { continue }
      var token = candidate.flags ?? AddedToken(content: candidate.content, isSpecial: true, isNormalized: false)
      token.isSpecial = true
      let identifier = known[token.content] ?? next
      if known[token.content] == nil { next += 1 }
      known[token.content] = identifier
      tokens[identifier] = token
      identifiers[token.content] = identifier
    }
    var texts = Set(tokens.values.map(\.content))
    for (identifier, piece) in model.pieces.enumerated() where tokens[identifier] == nil { texts.insert(piece.text) }
    count = texts.count
  }
}
