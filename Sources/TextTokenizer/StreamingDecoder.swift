/// Turns tokens into text as a model generates them.
///
/// The pieces joined together are exactly what ``TextTokenizer/decode(_:skippingSpecialTokens:cleaningUp:)`` gives for
/// all tokens at once. So text that a later token can still change is kept back: an unfinished character, a run of
/// byte tokens in a `tokenizer.json` (it counts only as a whole), a space before which a full stop may follow.
public struct StreamingDecoder: Sendable {
  enum Source: Sendable {
    case slow(SlowDecoder)
    case fast(TokenDecoder, FastTokenizer, skipsSpecialTokens: Bool)
  }

  private var source: Source
  private var cleaner: SpaceCleaner?

  init(_ source: Source, cleansUp: Bool) {
    self.source = source
    cleaner = cleansUp ? SpaceCleaner() : nil
  }

  /// Takes the next token and returns the text that is certain by now, often none.
  ///
  /// Identifiers that the tokenizer does not have give no text.
  public mutating func append(_ id: Int) -> String {
    var text: [UInt8] = []
    append(id, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Returns the text that was kept back; call it once, after the last token.
  public mutating func finish() -> String {
    var text: [UInt8] = []
    finish(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  mutating func append(_ id: Int, to output: inout [UInt8]) {
    var text: [UInt8] = []
    switch source {
    case .slow(var decoder):
      decoder.append(id, to: &text)
      source = .slow(decoder)
    case .fast(var decoder, let tokenizer, let skips):
      guard let content = tokenizer.content(of: id, skippingSpecialTokens: skips) else { return }
      decoder.append(content, to: &text)
      source = .fast(decoder, tokenizer, skipsSpecialTokens: skips)
    }
    clean(text, to: &output)
  }

  mutating func finish(to output: inout [UInt8]) {
    var text: [UInt8] = []
    switch source {
    case .slow(var decoder):
      decoder.finish(to: &text)
      source = .slow(decoder)
    case .fast(var decoder, let tokenizer, let skips):
      decoder.finish(to: &text)
      source = .fast(decoder, tokenizer, skipsSpecialTokens: skips)
    }
    clean(text, to: &output)
    cleaner?.finish(to: &output)
  }

  private mutating func clean(_ text: [UInt8], to output: inout [UInt8]) {
    if cleaner == nil { output.append(contentsOf: text) } else { cleaner?.append(text, to: &output) }
  }
}
