/// Which of a model's two tokenizers to use.
///
/// The reference loads the slow one where it exists. Both give the same tokens for most text, not for all.
public enum TokenizerChoice: String, Sendable, CaseIterable {
  /// The SentencePiece model in `tokenizer.model`, as the reference's Python tokenizer uses it.
  case slow
  /// The pipeline in `tokenizer.json`.
  case fast
}
