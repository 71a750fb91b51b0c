/// Tokenizer files that were not trained, for checkpoints of random weights.
///
/// Every id of the vocabulary has a piece of its own. The pieces are English words, their beginnings, frequent groups of
/// letters and plausible beginnings of other words, so that English text becomes few tokens. The files depend on the
/// arguments alone.
public struct SyntheticTokenizer: Sendable {
  /// The two forms of tokenizer that FUSION's language models have.
  public enum Layout: Sendable, Hashable {
    /// `tokenizer.model` with byte fallback and `added_tokens.json`, as of Phi-3.5.
    case sentencePiece
    /// `tokenizer.json` over bytes, as of LLaMA-3.1.
    case byteLevel
  }

  /// Form of the files.
  public let layout: Layout
  /// Tokens with special ones, but without ``hasVisionTokens``' two.
  public let tokenCount: Int
  /// Whether `<vision_start>` and `<vision_end>` are added at the end of the vocabulary.
  public let hasVisionTokens: Bool

  /// A tokenizer of some length.
  ///
  /// - Parameters:
  ///   - layout: form of the files.
  ///   - tokenCount: 400 ... 200 000: fewer have no room for the letters, more are more than the pieces that can be made.
  ///   - hasVisionTokens: adds two tokens to `tokenCount`.
  public init(layout: Layout, tokenCount: Int, hasVisionTokens: Bool) {
    precondition(tokenCount >= 400 && tokenCount <= 200_000, "a tokenizer of \(tokenCount) tokens")
    self.layout = layout
    self.tokenCount = tokenCount
    self.hasVisionTokens = hasVisionTokens
  }

  /// The files to put beside the weights, by name, in the order of writing.
  public var files: [(name: String, bytes: [UInt8])] {
    var files: [(name: String, bytes: [UInt8])] = []
    switch layout {
    case .sentencePiece:
      let model = SentencePieceModel(pieceCount: firstSpecialToken)
      let added = Dictionary(
        uniqueKeysWithValues: specialTokens.map { ($0.content, ConfigurationValue.integer($0.id)) })
      files.append(("tokenizer.model", model.fileBytes))
      files.append(("added_tokens.json", ConfigurationValue.object(added).fileBytes))
    case .byteLevel:
      files.append(
        (
          "tokenizer.json",
          ByteLevelTokenizerFile(pieceCount: firstSpecialToken, specialTokens: specialTokens).fileBytes
        ))
    }
    files.append(("tokenizer_config.json", ConfigurationValue.object(configurationFields).fileBytes))
    files.append(("special_tokens_map.json", ConfigurationValue.object(specialTokensMap).fileBytes))
    return files
  }

  /// Id of the first special token after the pieces.
  var firstSpecialToken: Int { tokenCount - ownSpecialTokens.count }

  /// All special tokens after the pieces, by id.
  var specialTokens: [SpecialToken] {
    let names = ownSpecialTokens + (hasVisionTokens ? SpecialToken.vision : [])
    let first = firstSpecialToken
    return names.enumerated().map { index, name in
      let isTrimming = layout == .sentencePiece && name.hasPrefix("<|") && name != "<|endoftext|>"
      return SpecialToken(id: first + index, content: name, trimsRight: isTrimming, isSpecial: true)
    }
  }

  private var ownSpecialTokens: [String] {
    switch layout {
    case .sentencePiece: SpecialToken.phi
    // The published vocabulary keeps 256 places; a small one could not spare them.
    case .byteLevel: SpecialToken.llama(count: tokenCount >= 4096 ? 256 : 11)
    }
  }
}

extension CheckpointPreset {
  /// The tokenizer files that go with the checkpoint's vocabulary.
  public var tokenizer: SyntheticTokenizer {
    SyntheticTokenizer(
      layout: language.family == .phi ? .sentencePiece : .byteLevel, tokenCount: language.tokenCount,
      hasVisionTokens: isFusion)
  }
}
