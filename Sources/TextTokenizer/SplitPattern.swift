import FusionCore

/// The regular expressions that cut text into words, each known by its exact text and matched by code of its own.
///
/// General engines differ in their Unicode tables and some take quadratic time; these shapes cover the GPT-2,
/// LLaMA-3 and Qwen-2 families.
struct SplitPattern: Sendable, Equatable {
  /// What may stand before the letters of a word.
  enum WordPrefix: Sendable {
    /// One space.
    case space
    /// One character that is neither letter, number nor line break.
    case anySymbol
  }

  /// How white space with line breaks is taken.
  enum LineBreaks: Sendable {
    /// Like other white space.
    case plain
    /// Up to the last line break of the run.
    case whole
  }

  let ignoresCase: Bool
  let wordPrefix: WordPrefix
  /// Most digits in one piece, and whether a space may stand before them.
  let maximumNumberCount: Int
  let numberTakesSpace: Bool
  /// Whether line breaks after symbols belong to them.
  let symbolsTakeLineBreaks: Bool
  let lineBreaks: LineBreaks

  /// The pattern of GPT-2, which the `ByteLevel` pre-tokenizer applies.
  static let gpt2 = SplitPattern(
    ignoresCase: false, wordPrefix: .space, maximumNumberCount: .max, numberTakesSpace: true,
    symbolsTakeLineBreaks: false, lineBreaks: .plain)
  /// The pattern of LLaMA-3.
  static let llama3 = modern(maximumNumberCount: 3)
  /// The pattern of Qwen-2.
  static let qwen2 = modern(maximumNumberCount: 1)

  private static func modern(maximumNumberCount: Int) -> SplitPattern {
    SplitPattern(
      ignoresCase: true, wordPrefix: .anySymbol, maximumNumberCount: maximumNumberCount, numberTakesSpace: false,
      symbolsTakeLineBreaks: true, lineBreaks: .whole)
  }

  private static let known: [(text: String, pattern: SplitPattern)] = [
    (#"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2),
    (#"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#, .gpt2),
    (
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
      .llama3
    ),
    (
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
      .qwen2
    ),
  ]

  /// Finds the pattern that a file names by its text.
  ///
  /// - Throws: `.tokenizerUnknownPattern`.
  static func named(_ text: String, place: String) throws -> SplitPattern {
    if let entry = known.first(where: { $0.text.utf8.elementsEqual(text.utf8) }) { return entry.pattern }
    throw FusionError(
      .tokenizerUnknownPattern, "the regular expression that cuts text into words is not known", place: place,
      expected: "the pattern of GPT-2, LLaMA-3 or Qwen-2", found: String(text.prefix(400)),
      remedy: "convert a model of the Phi-3.5 or LLaMA-3.1 family with its own tokenizer files")
  }
}
