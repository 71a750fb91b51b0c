/// How a SentencePiece model changes text before it is cut.
struct SentencePieceNormalizer: Sendable {
  let addsDummyPrefix: Bool
  let removesExtraSpaces: Bool
  let escapesSpaces: Bool
  /// Whether words end with the space's stand-in instead of beginning with it.
  let spaceIsSuffix: Bool
  /// Entries that are passed through unchanged.
  let userDefined: ByteTrie
  let characterMap: CharacterMap?

  /// The changed text.
  func apply(_ text: [UInt8]) -> [UInt8] {
    text.withUnsafeBufferPointer { bytes in
      var index = 0
      if removesExtraSpaces {
        while index < bytes.count {
          let step = prefix(bytes, from: index)
          guard step.text.elementsEqual([0x20]) else { break }
          index = step.end
        }
      }
      guard index < bytes.count else { return [] }
      let space: [UInt8] = escapesSpaces ? SentencePieceModel.space : [0x20]
      var output: [UInt8] = []
      output.reserveCapacity(text.count + 3)
      if !spaceIsSuffix, addsDummyPrefix { output.append(contentsOf: space) }
      var followsSpace = removesExtraSpaces
      while index < bytes.count {
        let step = prefix(bytes, from: index)
        index = step.end
        let kept = followsSpace ? step.text.drop { $0 == 0x20 } : step.text
        for byte in kept {
          if byte == 0x20 { output.append(contentsOf: space) } else { output.append(byte) }
        }
        if let last = kept.last { followsSpace = last == 0x20 }
        if !removesExtraSpaces { followsSpace = false }
      }
      if removesExtraSpaces {
        while output.suffix(space.count).elementsEqual(space) { output.removeLast(space.count) }
      }
      if spaceIsSuffix, addsDummyPrefix { output.append(contentsOf: space) }
      return output
    }
  }

  /// What the text begins with after the change, and where the rest begins.
  private func prefix(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (text: ArraySlice<UInt8>, end: Int) {
    if let match = userDefined.longestMatch(in: bytes, from: start) {
      return (ArraySlice(bytes[start..<match.end]), match.end)
    }
    if let match = characterMap?.longestMatch(in: bytes, from: start) { return match }
    let end = min(bytes.count, start + UTF8Text.length(first: bytes[start]))
    return (ArraySlice(bytes[start..<end]), end)
  }
}
