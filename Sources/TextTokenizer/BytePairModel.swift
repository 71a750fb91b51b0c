/// The vocabulary and the merges of a `tokenizer.json`, and how they turn a word into tokens.
struct BytePairModel: Sendable {
  /// The vocabulary; values are identifiers.
  let pieces: PieceTable
  /// Entry in ``pieces`` of each identifier.
  let entries: [Int: Int]
  let merges: MergeTable
  /// The token of what the vocabulary does not hold.
  let unknown: Int?
  /// Its name in the file, also where the vocabulary does not hold it.
  let unknownName: String?
  let fusesUnknown: Bool
  /// Tokens of the 256 bytes where characters fall back to them; `nil` for one that is missing.
  let byteTokens: [Int?]?
  /// Whether a word that is an entry is taken whole.
  let ignoresMerges: Bool

  /// Entries of the vocabulary.
  var count: Int { pieces.count }

  /// The identifier of an entry.
  func identifier(of piece: [UInt8]) -> Int? { pieces.value(of: piece) }

  /// The entry of an identifier.
  func piece(of identifier: Int) -> [UInt8]? { entries[identifier].map { Array(pieces.key(at: $0)) } }

  /// The tokens of a word.
  func encode(_ word: [UInt8], into tokens: inout [Int]) {
    if ignoresMerges, let whole = pieces.value(of: word) {
      tokens.append(whole)
      return
    }
    var symbols = BytePairSymbols(tokens: characters(of: word))
    symbols.merge(merges)
    symbols.append(to: &tokens)
  }

  /// The tokens of the single characters, before any merge.
  private func characters(of word: [UInt8]) -> [UInt32] {
    var tokens: [UInt32] = []
    tokens.reserveCapacity(word.count)
    var pendingUnknown: Int?
    word.withUnsafeBufferPointer { bytes in
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + UTF8Text.length(first: bytes[start]))
        let character = UnsafeBufferPointer(rebasing: bytes[start..<end])
        start = end
        if let token = pieces.value(of: character) {
          if let pending = pendingUnknown { tokens.append(UInt32(pending)) }
          pendingUnknown = nil
          tokens.append(UInt32(token))
        } else if let byteTokens, let fallback = fallback(character, byteTokens) {
          // An unknown token that waits stays behind these bytes, as in the library.
          tokens.append(contentsOf: fallback)
        } else if let unknown {
          if let pending = pendingUnknown, !fusesUnknown { tokens.append(UInt32(pending)) }
          pendingUnknown = unknown
        }
      }
    }
    if let pending = pendingUnknown { tokens.append(UInt32(pending)) }
    return tokens
  }

  private func fallback(_ character: UnsafeBufferPointer<UInt8>, _ byteTokens: [Int?]) -> [UInt32]? {
    var tokens: [UInt32] = []
    for byte in character {
      guard let token = byteTokens[Int(byte)] else { return nil }
      tokens.append(UInt32(token))
    }
    return tokens
  }
}
