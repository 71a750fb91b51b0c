import FusionCore

/// Turns text into the tokens of a language model and back.
///
/// Reads what published FUSION checkpoints hold: the SentencePiece model of Phi-3.5 (`tokenizer.model`, with
/// `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json`) or a `tokenizer.json` of the Phi or
/// LLaMA-3 kind. What would change tokens and is not known is refused, never ignored. Truncation and padding in
/// `tokenizer.json` are left to the caller, as the reference does.
public struct TextTokenizer: Sendable {
  private enum Kind: Sendable {
    case slow(SlowTokenizer)
    case fast(FastTokenizer)
  }

  private let kind: Kind
  /// Which of the model's tokenizers this is.
  public let choice: TokenizerChoice
  /// One line for people: kind, file and number of tokens.
  public let summary: String
  /// Tokens of the vocabulary, added ones included: the reference's length of the tokenizer.
  public let tokenCount: Int
  /// Identifier of the token that begins a text, or `nil` if the tokenizer names none.
  public let beginToken: Int?
  /// Whether decoding removes spaces before punctuation, as the tokenizer's configuration says.
  public let cleansUp: Bool

  /// Reads a tokenizer.
  ///
  /// - Parameters:
  ///   - files: where its files are; each is at most ``TokenizerFiles/maximumByteCount`` bytes.
  ///   - choice: which one to use; `nil` for the one that the reference loads, which is the slow one where
  ///     `tokenizer.model` exists, unless the configuration names a fast class and `tokenizer.json` exists too.
  /// - Throws: `.missingTokenizer` if there is none, `.tokenizerKindMissing` if there is only the other one, other
  ///   `tokenizer.…` and `json.…` codes for files that are not valid or not supported, and what reading throws.
  public init(files: TokenizerFiles, choice: TokenizerChoice? = nil) throws {
    let model = try files.bytes("tokenizer.model")
    let pipeline = try files.bytes("tokenizer.json")
    guard model != nil || pipeline != nil else {
      throw FusionError(
        .missingTokenizer, "the model has no tokenizer", file: files.origin,
        expected: "tokenizer.model or tokenizer.json", found: "neither",
        remedy: "put the tokenizer files that were published with the weights beside them")
    }
    let settings = try TokenizerSettings(files)
    let namesFast = settings.className?.hasSuffix("Fast") ?? false
    let chosen = choice ?? (model == nil || pipeline != nil && namesFast ? .fast : .slow)
    self.choice = chosen
    switch chosen {
    case .slow:
      guard let model else { throw TextTokenizer.missing("tokenizer.model", chosen, files) }
      try files.naming("tokenizer_config.json") { try TextTokenizer.checkClass(settings.className) }
      let tokenizer = try files.naming("tokenizer.model") { try SlowTokenizer(model, settings: settings) }
      kind = .slow(tokenizer)
      tokenCount = tokenizer.tokenCount
      beginToken = tokenizer.beginToken
      cleansUp = tokenizer.cleansUp
      summary =
        "SentencePiece BPE (tokenizer.model, slow tokenizer of the reference), \(tokenizer.tokenCount) tokens"
    case .fast:
      guard let pipeline else { throw TextTokenizer.missing("tokenizer.json", chosen, files) }
      let tokenizer = try files.naming("tokenizer.json") { try FastTokenizer(pipeline, settings: settings) }
      kind = .fast(tokenizer)
      tokenCount = tokenizer.tokenCount
      beginToken = tokenizer.beginToken
      cleansUp = tokenizer.cleansUp
      summary = "\(tokenizer.modelPhrase) (tokenizer.json, fast tokenizer), \(tokenizer.tokenCount) tokens"
    }
  }

  /// The identifier of a token given by its text in the vocabulary, or `nil` if there is no such token.
  public func identifier(of token: String) -> Int? {
    switch kind {
    case .slow(let tokenizer): tokenizer.identifier(of: Array(token.utf8))
    case .fast(let tokenizer): tokenizer.identifier(of: Array(token.utf8))
    }
  }

  /// Whether a token is left out when special tokens are skipped.
  ///
  /// In the slow tokenizer these are the tokens with a role only: `<|end|>` of Phi is none of them.
  public func isSpecial(_ id: Int) -> Bool {
    switch kind {
    case .slow(let tokenizer): tokenizer.specialIdentifiers.contains(id)
    case .fast(let tokenizer): tokenizer.isSpecial(id)
    }
  }

  /// The tokens of a text.
  ///
  /// Takes time in proportion to the length of the text times its logarithm, for any text.
  ///
  /// - Parameter addingSpecialTokens: whether to add the begin and end tokens that the tokenizer is set up to add.
  public func encode(_ text: String, addingSpecialTokens: Bool = true) -> [Int] {
    switch kind {
    case .slow(let tokenizer): tokenizer.encode(Array(text.utf8), addingSpecialTokens: addingSpecialTokens)
    case .fast(let tokenizer): tokenizer.encode(Array(text.utf8), addingSpecialTokens: addingSpecialTokens)
    }
  }

  /// The text of tokens, as the reference decodes them.
  ///
  /// - Parameters:
  ///   - ids: the tokens; identifiers that the tokenizer does not have give no text.
  ///   - skippingSpecialTokens: whether special tokens give no text.
  ///   - cleaningUp: whether to remove spaces before punctuation; `nil` for what the configuration says.
  public func decode(_ ids: [Int], skippingSpecialTokens: Bool, cleaningUp: Bool? = nil) -> String {
    var decoder = streamingDecoder(skippingSpecialTokens: skippingSpecialTokens, cleaningUp: cleaningUp)
    var text: [UInt8] = []
    for id in ids { decoder.append(id, to: &text) }
    decoder.finish(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// An answer as it goes back into the prompt of the next turn: as the published chat's tokenizer decodes it, with the
  /// special tokens among it, so that the end token may double.
  public func answerText(of ids: [Int]) -> String { decode(ids, skippingSpecialTokens: false).trimmed }

  /// A decoder for tokens that come one by one.
  ///
  /// - Parameters:
  ///   - skippingSpecialTokens: whether special tokens give no text.
  ///   - cleaningUp: whether to remove spaces before punctuation; `nil` for what the configuration says.
  public func streamingDecoder(skippingSpecialTokens: Bool, cleaningUp: Bool? = nil) -> StreamingDecoder {
    let cleansUp = cleaningUp ?? cleansUp
    switch kind {
    case .slow(let tokenizer):
      let decoder = SlowDecoder(tokenizer: tokenizer, skippingSpecialTokens: skippingSpecialTokens)
      return StreamingDecoder(.slow(decoder), cleansUp: cleansUp)
    case .fast(let tokenizer):
      let source = StreamingDecoder.Source.fast(
        tokenizer.makeDecoder(), tokenizer, skipsSpecialTokens: skippingSpecialTokens)
      return StreamingDecoder(source, cleansUp: cleansUp)
    }
  }

  private static func missing(_ name: String, _ choice: TokenizerChoice, _ files: TokenizerFiles) -> FusionError {
    FusionError(
      .tokenizerKindMissing, "the model has no \(choice.rawValue) tokenizer", file: files.origin, expected: name,
      found: "only the other tokenizer", remedy: "leave out the choice of tokenizer, or add \(name)")
  }

  private static func checkClass(_ name: String?) throws {
    let known = ["LlamaTokenizer", "LlamaTokenizerFast", "PreTrainedTokenizerFast"]
    guard let name, !known.contains(name) else { return }
    throw FusionError.unsupportedTokenizer("tokenizer_class", expected: "LlamaTokenizer", found: name)
  }
}
