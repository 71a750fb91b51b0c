import FusionCore
import TextTokenizer

/// The text of an answer as it grows, without white space at its ends.
struct StreamedText {
  private var decoder: StreamingDecoder
  private var held = ""
  private(set) var text = ""

  init(_ tokenizer: TextTokenizer) { decoder = tokenizer.streamingDecoder(skippingSpecialTokens: true) }

  /// Takes a token and gives the text that is certain by now.
  mutating func append(_ token: Int) -> String { release(decoder.append(token)) }

  /// Gives what was held back.
  mutating func finish() -> String { release(decoder.finish()) }

  /// White space is held until something follows it, so that none begins or ends the text.
  private mutating func release(_ piece: String) -> String {
    held += piece
    if text.isEmpty {
      let scalars = held.unicodeScalars.drop { $0.isTrimmedAtEnds }
      held = String(String.UnicodeScalarView(scalars))
    }
    let scalars = held.unicodeScalars
    guard let last = scalars.lastIndex(where: { !$0.isTrimmedAtEnds }) else { return "" }
    let end = scalars.index(after: last)
    let released = String(String.UnicodeScalarView(scalars[..<end]))
    held = String(String.UnicodeScalarView(scalars[end...]))
    text += released
    return released
  }
}
