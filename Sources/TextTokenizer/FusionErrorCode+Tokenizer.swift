import FusionCore

extension FusionError.Code {
  /// A model has none of the files that a tokenizer is made of.
  public static let missingTokenizer = Self("tokenizer.missing", .missingInput)
}
