/// The added tokens of a `tokenizer.json`, and how they cut a text.
///
/// Follows the tokenizers library, also where that is surprising: identifiers are given out in order, whatever the file
/// says, and a token that swallows white space may overlap the next one.
struct AddedVocabulary: Sendable {
  /// A part of a cut text.
  struct Part {
    /// Bytes of the text that it covers.
    let range: Range<Int>
    /// The added token that it is, or `nil` for text in between.
    let token: Int?
  }

  /// Entries of the vocabulary without added tokens.
  private let modelCount: Int
  private var identifiers: [[UInt8]: Int] = [:]
  private var tokens: [Int: AddedToken] = [:]
  /// Each content once for special and once for other tokens, in the order of adding.
  private var special: [AddedToken] = []
  private var classic: [AddedToken] = []
  private var specialContents: Set<[UInt8]> = []
  private var highest = -1
  private var rawTrie = ByteTrie()
  private var normalizedTrie = ByteTrie()

  init(modelCount: Int) { self.modelCount = modelCount }

  /// Added tokens that the vocabulary does not hold itself.
  func countOutside(_ model: BytePairModel) -> Int {
    identifiers.keys.count { model.identifier(of: $0) == nil }
  }

  /// Adds tokens; one that is there already is replaced, with its identifier kept.
  mutating func add(_ added: [AddedToken], model: BytePairModel) {
    for token in added where token.isSpecial && !token.content.isEmpty {
      if specialContents.insert(token.content).inserted { special.append(token) }
    }
    for token in added where !token.content.isEmpty {
      if let known = identifiers[token.content], tokens[known] == token { continue }
      let identifier =
        identifiers[token.content] ?? model.identifier(of: token.content) ?? max(highest + 1, modelCount)
      identifiers[token.content] = identifier
      highest = max(highest, identifier)
      tokens[identifier] = token
      if !specialContents.contains(token.content) { classic.append(token) }
    }
  }

  /// Prepares the search; call it after the last ``add(_:model:)``.
  mutating func prepare(normalizer: TextNormalizer) {
    for token in special + classic {
      guard let identifier = identifiers[token.content] else { continue }
      if token.isNormalized {
        normalizedTrie.insert(normalizer.apply(token.content).bytes, pattern: identifier)
      } else {
        rawTrie.insert(token.content, pattern: identifier)
      }
    }
  }

  /// The identifier of an added token.
  func identifier(of content: [UInt8]) -> Int? { identifiers[content] }

  /// The content of an added token.
  func content(of identifier: Int) -> [UInt8]? { tokens[identifier]?.content }

  /// Whether a content is among the special tokens.
  func isSpecial(_ content: [UInt8]) -> Bool { specialContents.contains(content) }

  /// The contents of all added tokens.
  var contents: some Collection<[UInt8]> { identifiers.keys }

  /// Cuts text that has not been normalized.
  func cutRaw(_ text: [UInt8]) -> [Part] { cut(text, by: rawTrie) }

  /// Cuts text that has been normalized.
  func cutNormalized(_ text: [UInt8]) -> [Part] { cut(text, by: normalizedTrie) }

  private func cut(_ text: [UInt8], by trie: ByteTrie) -> [Part] {
    if text.isEmpty { return [] }
    if trie.isEmpty { return [Part(range: 0..<text.count, token: nil)] }
    return text.withUnsafeBufferPointer { bytes in
      var parts: [Part] = []
      var covered = 0
      var index = 0
      var space = 0..<0
      while index < bytes.count {
        guard let match = trie.longestMatch(in: bytes, from: index) else {
          index += 1
          continue
        }
        var start = index
        var end = match.end
        index = match.end
        guard let token = tokens[match.pattern] else { continue }
        if token.singleWord, touchesWord(bytes, start: start, end: end) { continue }
        if token.stripsLeft { start = whitespaceStart(bytes, before: start, notBelow: covered) }
        if token.stripsRight {
          // Tokens of spaces alone may ask for the end of one long run many times.
          if !space.contains(end) { space = end..<whitespaceEnd(bytes, from: end) }
          end = space.upperBound
        }
        if covered < start { parts.append(Part(range: covered..<start, token: nil)) }
        if start < end { parts.append(Part(range: start..<end, token: match.pattern)) }
        covered = end
      }
      if covered != bytes.count { parts.append(Part(range: covered..<bytes.count, token: nil)) }
      return parts
    }
  }

  private func touchesWord(_ bytes: UnsafeBufferPointer<UInt8>, start: Int, end: Int) -> Bool {
    if start > 0, ScalarClass.isWord(UTF8Text.scalar(bytes, before: start).scalar) { return true }
    return end < bytes.count && ScalarClass.isWord(UTF8Text.scalar(bytes, at: end))
  }

  private func whitespaceStart(
    _ bytes: UnsafeBufferPointer<UInt8>, before end: Int, notBelow limit: Int
  ) -> Int {
    // The limit is behind the end where an earlier token has taken this one's text.
    var start = max(end, limit)
    while start > limit {
      let previous = UTF8Text.scalar(bytes, before: start)
      guard ScalarClass.isWhitespace(previous.scalar) else { break }
      start = previous.start
    }
    return start
  }

  private func whitespaceEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var end = start
    while end < bytes.count, ScalarClass.isWhitespace(UTF8Text.scalar(bytes, at: end)) {
      end += UTF8Text.length(first: bytes[end])
    }
    return end
  }
}
