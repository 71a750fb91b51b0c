import FusionCore
import TextTokenizer

/// What holds for every tokenizer that was accepted.
enum TokenizerChecks {
  /// Texts with what tokenizers treat apart: markers, runs of white space, digits, contractions, several scripts,
  /// combining characters, an unfinished marker, a character of four bytes.
  static let texts = [
    "", " ", "\u{2581}", "Hello, world!", "  two  spaces \n\n\tand tabs ", "it's 12345 o'clock, we'll see...",
    "<s>user<|end|>\n</s><unk><", "\u{DF}\u{130}\u{1E9E} na\u{EF}ve cafe\u{301}", "\u{4F60}\u{597D}\u{3001}\u{4E16}",
    "\u{1F600}\u{200D}\u{FE0F}a\u{0}b\u{85}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "<0x41><0xE2>",
  ]

  /// Encodes all texts, and decodes the result both at once and token by token.
  static func check(_ tokenizer: TextTokenizer) throws {
    try FuzzFinding.require(tokenizer.tokenCount >= 0, "\(tokenizer.tokenCount) tokens")
    if let begin = tokenizer.beginToken { try FuzzFinding.require(begin >= 0, "begin token \(begin)") }
    try FuzzFinding.require(tokenizer.summary.utf8.count <= 400, "a summary of \(tokenizer.summary.utf8.count) bytes")
    for text in texts {
      for addsSpecial in [false, true] {
        let ids = tokenizer.encode(text, addingSpecialTokens: addsSpecial)
        try FuzzFinding.require(
          ids.count <= 8 * text.utf8.count + 64, "\(ids.count) tokens for \(text.utf8.count) bytes")
        try FuzzFinding.require(ids.allSatisfy { (0...Int(Int32.max)).contains($0) }, "tokens out of range: \(ids)")
        try FuzzFinding.require(
          ids == tokenizer.encode(text, addingSpecialTokens: addsSpecial), "encoding twice gives other tokens")
        try checkDecoding(tokenizer, ids)
      }
      try FuzzFinding.require(tokenizer.encodePrompt(text).allSatisfy { $0 >= 0 }, "a prompt with a negative token")
    }
    // Tokens that no text gives, and some that no tokenizer has.
    try checkDecoding(tokenizer, Array(0..<min(tokenizer.tokenCount, 300)) + [-1, Int.max, Int.min, 1 << 31])
  }

  private static func checkDecoding(_ tokenizer: TextTokenizer, _ ids: [Int]) throws {
    for skips in [false, true] {
      for cleans in [false, true] {
        let whole = tokenizer.decode(ids, skippingSpecialTokens: skips, cleaningUp: cleans)
        var decoder = tokenizer.streamingDecoder(skippingSpecialTokens: skips, cleaningUp: cleans)
        var pieces = ids.reduce(into: "") { $0 += decoder.append($1) }
        pieces += decoder.finish()
        // By bytes: a piece that starts with a combining mark makes other characters, not other text.
        try FuzzFinding.require(
          pieces.utf8.elementsEqual(whole.utf8),
          "token by token \(ids) gives \(pieces.debugDescription), not \(whole.debugDescription)")
      }
    }
  }
}
