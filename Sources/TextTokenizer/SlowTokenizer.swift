import FusionCore

/// A SentencePiece model with added tokens, as the reference's Python tokenizer for LLaMA-style models runs it.
struct SlowTokenizer: Sendable {
  let model: SentencePieceModel
  /// Identifier of each added token's content, and content of each added identifier.
  private(set) var addedIdentifiers: [[UInt8]: Int] = [:]
  private(set) var addedTokens: [Int: AddedToken] = [:]
  /// Contents of the tokens with a role, in order.
  private(set) var special: [[UInt8]] = []
  private(set) var specialContents: Set<[UInt8]> = []
  private(set) var specialIdentifiers: Set<Int> = []
  /// Contents that stand alone when decoding, with spaces around them.
  private(set) var separated: Set<[UInt8]> = []
  private var trie = AddedTokenTrie()

  /// Whether the prefix of a text depends on what it begins with, as before the reference's correction of 2023.
  let isLegacy: Bool
  let addsPrefixSpace: Bool
  /// Content of the unknown token, and the number of pieces that the model cuts it into.
  private let unknownContent: [UInt8]
  private let unknownPieceCount: Int
  private let before: [Int]
  private let after: [Int]

  let beginToken: Int?
  let cleansUp: Bool
  private(set) var tokenCount: Int

  /// Reads `tokenizer.model`.
  ///
  /// - Parameter settings: the small files beside it.
  init(_ bytes: [UInt8], settings: TokenizerSettings) throws {
    isLegacy = settings.isLegacy ?? true
    addsPrefixSpace = settings.addsPrefixSpace ?? true
    cleansUp = settings.cleansUp
    let model = try SentencePieceModel(bytes, addsDummyPrefix: isLegacy ? nil : false)
    self.model = model
    tokenCount = model.count
    let defaults = ["bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"]
    var roles: [String: TokenizerSettings.SpecialToken] = [:]
    for role in TokenizerSettings.roles { roles[role] = settings.token(role, default: defaults[role]) }
    // A default that no file names overrules the flags of an added token with its text.
    for role in ["bos_token", "eos_token", "unk_token", "pad_token"] where roles[role]?.flags == nil {
      guard let content = roles[role]?.content else { continue }
      roles[role]?.flags = AddedToken(content: content, isSpecial: true, isNormalized: false)
    }
    unknownContent = roles["unk_token"]?.content ?? []
    unknownPieceCount = SentencePieceEncoder.encode(unknownContent, model: model).count
    let named = TokenizerSettings.roles.compactMap { roles[$0] } + settings.additional
    let added = SlowVocabulary(model: model, added: settings.added, named: named)
    addedIdentifiers = added.identifiers
    addedTokens = added.tokens
    tokenCount = added.count
    special = added.special
    func identifier(_ content: [UInt8]) -> Int { added.identifiers[content] ?? model.identifier(of: content) }
    let begin = roles["bos_token"].map { identifier($0.content) }
    let end = roles["eos_token"].map { identifier($0.content) }
    beginToken = begin
    before = settings.addsBeginToken ?? true ? [begin].compactMap { $0 } : []
    after = settings.addsEndToken ?? false ? [end].compactMap { $0 } : []
    specialContents = Set(special)
    specialIdentifiers = Set(special.map(identifier))
    separated = Set(addedIdentifiers.keys).subtracting(specialContents)
    for token in settings.additional where identifier(token.content) >= model.count { separated.insert(token.content) }
    for token in addedTokens.values {
      trie.insert(Array(String(decoding: token.content, as: UTF8.self).unicodeScalars))
    }
  }

  /// The identifier of a token, or `nil` if there is no such token.
  func identifier(of token: [UInt8]) -> Int? { addedIdentifiers[token] ?? model.knownIdentifier(of: token) }

  /// The text of an identifier, or `nil` if it is out of range.
  func content(of identifier: Int) -> [UInt8]? {
    if let token = addedTokens[identifier] { return token.content }
    return model.pieces.indices.contains(identifier) ? model.pieces[identifier].text : nil
  }

  /// The tokens of a text.
  func encode(_ text: [UInt8], addingSpecialTokens: Bool) -> [Int] {
    let tokens = identifiers(text)
    return addingSpecialTokens ? before + tokens + after : tokens
  }

  private func identifiers(_ text: [UInt8]) -> [Int] {
    if text.isEmpty { return [] }
    var prepared = text
    if !isLegacy {
      prepared = UTF8Text.replacing(SentencePieceModel.space, with: [0x20], in: text)
      if addsPrefixSpace { prepared = SentencePieceModel.space + prepared }
    }
    var tokens: [SentencePieceEncoder.Part] = []
    for part in parts(Array(String(decoding: prepared, as: UTF8.self).unicodeScalars)) where !part.isEmpty {
      if addedIdentifiers[part] != nil {
        tokens.append(.unknown(part))
      } else {
        tokens.append(contentsOf: pieces(part))
      }
    }
    if !isLegacy, tokens.count > 1, content(tokens[0]) == SentencePieceModel.space,
      specialContents.contains(content(tokens[1]))
    {
      tokens.removeFirst()
    }
    return tokens.map { token in
      let content = content(token)
      return addedIdentifiers[content] ?? model.identifier(of: content)
    }
  }

  private func content(_ part: SentencePieceEncoder.Part) -> [UInt8] {
    switch part {
    case .piece(let identifier): model.pieces[identifier].text
    case .unknown(let content): content
    }
  }

  /// The model's pieces of a stretch of text without added tokens.
  private func pieces(_ text: [UInt8]) -> [SentencePieceEncoder.Part] {
    let startsWithSpace = text.first == 0x20 || text.starts(with: SentencePieceModel.space)
    guard !isLegacy, startsWithSpace else { return SentencePieceEncoder.encode(text, model: model) }
    // The unknown token in front keeps the model from treating the space as the start of the text.
    let parts = SentencePieceEncoder.encode(unknownContent + text, model: model)
    return parts.count >= unknownPieceCount ? Array(parts.dropFirst(unknownPieceCount)) : parts
  }

  /// The text cut at added tokens, with the white space that they take removed.
  private func parts(_ text: [Unicode.Scalar]) -> [[UInt8]] {
    var parts = trie.split(text)
    for index in parts.indices {
      let part = SlowTokenizer.bytes(parts[index])
      guard let identifier = addedIdentifiers[part], let token = addedTokens[identifier] else { continue }
      let left = index > 0 ? parts[index - 1] : []
      let right = index + 1 < parts.count ? parts[index + 1] : []
      if token.stripsRight, !right.isEmpty {
        parts[index + 1] = Array(right.drop(while: ScalarClass.isPythonWhitespace))
      }
      if token.stripsLeft, !left.isEmpty {
        parts[index - 1] = left.reversed().drop(while: ScalarClass.isPythonWhitespace).reversed()
      }
      guard token.singleWord else { continue }
      if let last = left.last, last != " " {
        parts[index - 1] += parts[index]
        parts[index] = []
      } else if let first = right.first, first != " " {
        parts[index + 1] = parts[index] + parts[index + 1]
        parts[index] = []
      }
    }
    return parts.map(SlowTokenizer.bytes)
  }

  private static func bytes(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(scalars.count)
    for scalar in scalars { UTF8Text.append(scalar, to: &bytes) }
    return bytes
  }
}
