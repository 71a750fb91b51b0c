/// The sizes of a language model and the few other facts that its configuration file states.
struct LanguageModel: Sendable, Hashable {
  /// The layouts that FUSION is built on.
  enum Family: Sendable, Hashable {
    /// Phi-3: fused projections, longrope.
    case phi
    /// LLaMA-3: separate projections, grouped-query attention, llama3 rope scaling by this factor.
    case llama(ropeFactor: Double)
  }

  let family: Family
  let hiddenSize: Int
  let layerCount: Int
  let headCount: Int
  let keyValueHeadCount: Int
  let mlpSize: Int
  /// Rows of the published embeddings.
  let vocabularySize: Int
  /// Tokens of the published tokenizer; not always ``vocabularySize``.
  let tokenCount: Int
  /// Whether the output layer is the embeddings again.
  let isTied: Bool
  let beginToken: Int
  /// Tokens that end a generated text; the last one of Phi also pads.
  let endTokens: [Int]
  /// Whether the file names the size of a head: younger versions of the publishing library do.
  let statesHeadSize: Bool
  /// Version of the library that the file was published with.
  let libraryVersion: String

  /// Embedding rows after the two vision tokens are added: the reference resizes the table to exactly the tokenizer's
  /// length. That cuts off the unused rows at the end of Phi's table: 32 064 become 32 013.
  var vocabularySizeWithVisionTokens: Int { tokenCount + 2 }
}

extension LanguageModel {
  static let phi35Mini = LanguageModel(
    family: .phi, hiddenSize: 3072, layerCount: 32, headCount: 32, keyValueHeadCount: 32, mlpSize: 8192,
    vocabularySize: 32_064, tokenCount: 32_011, isTied: false, beginToken: 1, endTokens: [32_007, 32_001, 32_000],
    statesHeadSize: false, libraryVersion: "4.43.3")

  static let llama31With8B = LanguageModel(
    family: .llama(ropeFactor: 8), hiddenSize: 4096, layerCount: 32, headCount: 32, keyValueHeadCount: 8,
    mlpSize: 14_336, vocabularySize: 128_256, tokenCount: 128_256, isTied: false, beginToken: 128_000,
    endTokens: [128_001, 128_008, 128_009], statesHeadSize: false, libraryVersion: "4.42.3")

  static let llama32With1B = LanguageModel(
    family: .llama(ropeFactor: 32), hiddenSize: 2048, layerCount: 16, headCount: 32, keyValueHeadCount: 8,
    mlpSize: 8192, vocabularySize: 128_256, tokenCount: 128_256, isTied: true, beginToken: 128_000,
    endTokens: [128_001, 128_008, 128_009], statesHeadSize: true, libraryVersion: "4.45.0.dev0")

  /// Unused rows at the end of the embeddings, as in its large sister.
  static let tinyPhi = LanguageModel(
    family: .phi, hiddenSize: 128, layerCount: 6, headCount: 4, keyValueHeadCount: 4, mlpSize: 256,
    vocabularySize: 832, tokenCount: 798, isTied: false, beginToken: 1, endTokens: [794, 788, 787],
    statesHeadSize: false, libraryVersion: "4.48.1")

  static let tinyLlama = LanguageModel(
    family: .llama(ropeFactor: 8), hiddenSize: 96, layerCount: 5, headCount: 6, keyValueHeadCount: 2, mlpSize: 192,
    vocabularySize: 898, tokenCount: 898, isTied: false, beginToken: 887, endTokens: [888, 895, 896],
    statesHeadSize: true, libraryVersion: "4.48.1")
}
