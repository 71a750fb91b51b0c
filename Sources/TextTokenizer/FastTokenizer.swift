import FusionCore

/// The tokenizer of a `tokenizer.json`, as the tokenizers library runs it and the reference's configuration sets it up.
struct FastTokenizer: Sendable {
  private let model: BytePairModel
  private let added: AddedVocabulary
  private let normalizer: TextNormalizer
  private let preTokenizer: PreTokenizer
  private let postProcessor: PostProcessor
  private let decoder: TokenDecoder

  /// Identifier of the token that begins a text.
  let beginToken: Int?
  /// Whether decoded text is cleaned of spaces before punctuation.
  let cleansUp: Bool
  /// Tokens, added ones included.
  let tokenCount: Int
  /// What words are made of, for people.
  var modelPhrase: String { preTokenizer.isByteLevel ? "byte-level BPE" : "BPE" }

  /// Reads `tokenizer.json`.
  ///
  /// - Parameter settings: the small files beside it. Without a `tokenizer_config.json` the pipeline runs as the file
  ///   states it; with one, added tokens and the begin and end tokens follow the configuration, as in the reference.
  init(_ bytes: [UInt8], settings: TokenizerSettings) throws {
    let file = try TokenizerFile(bytes)
    model = file.model
    normalizer = try TextNormalizer(file.part("normalizer"))
    let isLlama = settings.hasConfiguration && ["LlamaTokenizer", "LlamaTokenizerFast"].contains(settings.className)
    // The reference's LLaMA class leaves the file's setting alone, its general class replaces it.
    let addsSpace = settings.hasConfiguration && !isLlama ? settings.addsPrefixSpace ?? false : nil
    preTokenizer = try PreTokenizer(file.part("pre_tokenizer"), addsSpace: addsSpace)
    decoder = try TokenDecoder(file.part("decoder"))
    if let name = model.unknownName, model.unknown == nil, model.byteTokens == nil, !preTokenizer.isByteLevel {
      throw FusionError.wrongTokenizerField("model.unk_token", expected: "an entry of the vocabulary", found: name)
    }
    var added = AddedVocabulary(modelCount: model.count)
    added.add(try file.addedTokens().map(\.token), model: model)
    let special = FastTokenizer.specialTokens(settings, isLlama: isLlama)
    if settings.hasConfiguration { FastTokenizer.extend(&added, settings, special, model) }
    added.prepare(normalizer: normalizer)
    func identifier(_ content: [UInt8]?) -> Int? {
      content.flatMap { content in added.identifier(of: content) ?? file.model.identifier(of: content) }
    }
    let begin = identifier(special["bos_token"]?.content)
    beginToken = begin
    if isLlama {
      let end = identifier(special["eos_token"]?.content)
      postProcessor = PostProcessor(
        before: settings.addsBeginToken ?? true ? [begin].compactMap { $0 } : [],
        after: settings.addsEndToken ?? false ? [end].compactMap { $0 } : [])
    } else {
      postProcessor = try PostProcessor(file.part("post_processor"))
    }
    self.added = added
    cleansUp = settings.cleansUp
    tokenCount = model.count + added.countOutside(model)
  }

  /// The identifier of a token, or `nil` if there is no such token.
  func identifier(of token: [UInt8]) -> Int? { added.identifier(of: token) ?? model.identifier(of: token) }

  /// Whether a token is left out when special tokens are skipped.
  func isSpecial(_ identifier: Int) -> Bool { content(of: identifier).map(added.isSpecial) ?? false }

  /// The tokens of a text.
  func encode(_ text: [UInt8], addingSpecialTokens: Bool) -> [Int] {
    var tokens: [Int] = []
    for part in added.cutRaw(text) {
      if let token = part.token {
        tokens.append(token)
      } else {
        encodePart(Array(text[part.range]), isFirst: part.range.lowerBound == 0, into: &tokens)
      }
    }
    return postProcessor.apply(tokens, addingSpecialTokens: addingSpecialTokens)
  }

  /// The text of a token while decoding, or `nil` for one that is left out.
  func content(of identifier: Int, skippingSpecialTokens: Bool) -> [UInt8]? {
    guard let content = content(of: identifier) else { return nil }
    return skippingSpecialTokens && added.isSpecial(content) ? nil : content
  }

  /// The steps from tokens to text, at their start.
  func makeDecoder() -> TokenDecoder { decoder }

  private func content(of identifier: Int) -> [UInt8]? {
    added.content(of: identifier) ?? model.piece(of: identifier)
  }

  private func encodePart(_ text: [UInt8], isFirst: Bool, into tokens: inout [Int]) {
    let normalized = normalizer.apply(text)
    for part in added.cutNormalized(normalized.bytes) {
      if let token = part.token {
        tokens.append(token)
        continue
      }
      let piece = PreTokenizer.Piece(
        bytes: Array(normalized.bytes[part.range]), isFirst: isFirst && part.range.lowerBound <= normalized.prefixCount)
      for word in preTokenizer.apply(piece) { model.encode(word.bytes, into: &tokens) }
    }
  }

  /// The tokens with a role, the defaults of the reference's class included.
  private static func specialTokens(
    _ settings: TokenizerSettings, isLlama: Bool
  ) -> [String: TokenizerSettings.SpecialToken] {
    let defaults = isLlama ? ["bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"] : [:]
    var special: [String: TokenizerSettings.SpecialToken] = [:]
    for role in TokenizerSettings.roles { special[role] = settings.token(role, default: defaults[role]) }
    return special
  }

  /// Adds what the configuration says beyond the file: its list of added tokens first, then tokens with a role.
  private static func extend(
    _ added: inout AddedVocabulary, _ settings: TokenizerSettings,
    _ special: [String: TokenizerSettings.SpecialToken], _ model: BytePairModel
  ) {
    let withRole = TokenizerSettings.roles.compactMap { special[$0] } + settings.additional
    let contents = Set(withRole.map(\.content))
    var tokens = settings.added.sorted { $0.identifier < $1.identifier }.map(\.token)
    let known = Set(added.contents).union(tokens.map(\.content))
    var seen: Set<[UInt8]> = []
    for token in withRole where seen.insert(token.content).inserted {
      if let flags = token.flags {
        if !tokens.contains(flags) { tokens.append(flags) }
      } else if !known.contains(token.content) {
        tokens.append(AddedToken(content: token.content, isSpecial: true, isNormalized: false))
      }
    }
    for index in tokens.indices where contents.contains(tokens[index].content) { tokens[index].isSpecial = true }
    added.add(tokens, model: model)
  }
}
