import FusionCore

/// The parts of a `tokenizer.json`: the model, read as it streams by, and the rest as small objects.
struct TokenizerFile {
  let model: BytePairModel
  private let fields: TokenizerObject

  /// Reads the file.
  init(_ bytes: [UInt8]) throws {
    (fields, model) = try bytes.withUnsafeBytes { buffer in
      var scanner = try StrictJSONScanner(buffer, maximumDepth: TokenizerValue.maximumDepth)
      var members: [TokenizerObject.Member] = []
      var names: Set<String> = []
      var model: BytePairModel?
      var count = 0
      try scanner.beginObject()
      while let name = try scanner.nextKey() {
        guard names.insert(name).inserted else {
          throw FusionError.wrongTokenizerField(
            String(name.prefix(80)), expected: "every field once", found: "the field again")
        }
        if name == "model" {
          model = try BytePairModelReader.read(&scanner, buffer, &count)
        } else {
          let value = try TokenizerValue.read(&scanner, &count, place: String(name.prefix(80)))
          members.append(.init(name: name, value: value))
        }
      }
      try scanner.finish()
      let fields = TokenizerObject(place: "", members: members)
      guard let model else { throw fields.missing("model", "an object") }
      return (fields, model)
    }
  }

  /// An outer part by name, or `nil` if it is missing or null.
  func part(_ name: String) throws -> TokenizerObject? { try fields.object(name) }

  /// The added tokens with the identifiers that the file states, in its order.
  func addedTokens() throws -> [(identifier: Int, token: AddedToken)] { try TokenizerFile.addedTokens(fields) }

  /// The added tokens alone, for a caller that does not need the vocabulary.
  static func addedTokens(_ bytes: [UInt8]) throws -> [(identifier: Int, token: AddedToken)] {
    try bytes.withUnsafeBytes { buffer in
      var scanner = try StrictJSONScanner(buffer, maximumDepth: TokenizerValue.maximumDepth)
      var members: [TokenizerObject.Member] = []
      var count = 0
      try scanner.beginObject()
      while let name = try scanner.nextKey() {
        if name == "added_tokens" {
          let value = try TokenizerValue.read(&scanner, &count, place: name)
          members.append(.init(name: name, value: value))
        } else {
          try scanner.skipValue()
        }
      }
      try scanner.finish()
      return try addedTokens(TokenizerObject(place: "", members: members))
    }
  }

  private static func addedTokens(_ fields: TokenizerObject) throws -> [(identifier: Int, token: AddedToken)] {
    guard fields["added_tokens"] != nil else { return [] }
    return try fields.requiredObjects("added_tokens").map { object in
      guard let identifier = try object.integer("id", in: 0...Int(Int32.max)) else {
        throw object.missing("id", "an identifier")
      }
      return (identifier, try AddedToken(object))
    }
  }
}
