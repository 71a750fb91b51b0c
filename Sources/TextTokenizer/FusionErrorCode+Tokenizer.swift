import FusionCore

extension FusionError.Code {
  /// A model has none of the files that a tokenizer is made of.
  public static let missingTokenizer = Self("tokenizer.missing", .missingInput)
  /// A tokenizer exists, but not of the kind that was asked for.
  public static let tokenizerKindMissing = Self("tokenizer.kindMissing", .missingInput)
  /// A tokenizer file is larger than any published one.
  public static let tokenizerFileTooLarge = Self("tokenizer.fileTooLarge")
  /// A field of a tokenizer file is missing, stands twice, or has the wrong type or value.
  public static let tokenizerWrongField = Self("tokenizer.wrongField")
  /// A JSON file of a tokenizer holds more values than any published one.
  public static let tokenizerTooComplex = Self("tokenizer.tooComplex")
  /// The tokenizer uses a component or option that would change token identifiers and is not supported.
  public static let tokenizerUnsupported = Self("tokenizer.unsupportedComponent")
  /// The regular expression that cuts text into words is not one of those known.
  public static let tokenizerUnknownPattern = Self("tokenizer.unknownPattern")
  /// A vocabulary entry is empty, stands twice, or has an identifier that is out of range or taken.
  public static let tokenizerBadVocabulary = Self("tokenizer.badVocabulary")
  /// A merge does not consist of two vocabulary entries whose union is a third.
  public static let tokenizerBadMerge = Self("tokenizer.badMerge")
  /// An added token is empty, too long, or has an identifier that is out of range.
  public static let tokenizerBadAddedToken = Self("tokenizer.badAddedToken")
  /// A SentencePiece model is not a correct protobuf message, or its parts contradict each other.
  public static let tokenizerMalformedModel = Self("tokenizer.malformedModel")
}
