import FusionCore

extension FusionError {
  /// A field that is not what the format asks for.
  static func wrongTokenizerField(_ place: String, expected: String, found: String) -> FusionError {
    FusionError(
      .tokenizerWrongField, "a field of a tokenizer file is not what it should be", place: place, expected: expected,
      found: found, remedy: "use the tokenizer files that were published with the weights")
  }

  /// A component that exists in the format but not here.
  static func unsupportedTokenizer(_ place: String, expected: String, found: String) -> FusionError {
    FusionError(
      .tokenizerUnsupported, "the tokenizer uses something that is not supported", place: place, expected: expected,
      found: found, remedy: "convert a model of the Phi-3.5 or LLaMA-3.1 family with its own tokenizer files")
  }

  /// A vocabulary entry that cannot be.
  static func badVocabulary(_ place: String, expected: String, found: String) -> FusionError {
    FusionError(
      .tokenizerBadVocabulary, "the vocabulary of the tokenizer is not consistent", place: place, expected: expected,
      found: found, remedy: "download the tokenizer files again")
  }

  /// An added token that cannot be.
  static func badAddedToken(_ place: String, expected: String, found: String) -> FusionError {
    FusionError(
      .tokenizerBadAddedToken, "an added token of the tokenizer is not valid", place: place, expected: expected,
      found: found, remedy: "use the tokenizer files that were published with the weights")
  }

  /// A SentencePiece file that breaks its own format.
  static func malformedModel(_ place: String, expected: String, found: String) -> FusionError {
    FusionError(
      .tokenizerMalformedModel, "the SentencePiece model is not valid", place: place, expected: expected, found: found,
      remedy: "download tokenizer.model again")
  }
}
