import FusionCore

/// The tokens that a `tokenizer.json` puts around an encoded text.
struct PostProcessor: Sendable {
  private enum Part: Sendable {
    case text
    case special([Int])
  }

  /// One after the other is applied to the result of the one before.
  private var templates: [[Part]] = []

  /// Reads the `post_processor` of the file; `nil` adds nothing.
  init(_ object: TokenizerObject?) throws {
    if let object { try append(object) }
  }

  /// Puts fixed tokens around the text.
  init(before: [Int], after: [Int]) { templates = [[.special(before), .text, .special(after)]] }

  /// The tokens with what belongs around them.
  func apply(_ tokens: [Int], addingSpecialTokens: Bool) -> [Int] {
    var result = tokens
    for template in templates {
      result = template.flatMap { part in
        switch part {
        case .text: result
        case .special(let identifiers): addingSpecialTokens ? identifiers : []
        }
      }
    }
    return result
  }

  private mutating func append(_ object: TokenizerObject) throws {
    switch try object.requiredString("type") {
    case "Sequence":
      for inner in try object.requiredObjects("processors") { try append(inner) }
    case "ByteLevel": break  // moves offsets, not tokens
    case "TemplateProcessing": templates.append(try PostProcessor.template(object))
    case let type:
      throw FusionError.unsupportedTokenizer(
        object.place, expected: "a post-processor of type Sequence, ByteLevel or TemplateProcessing", found: type)
    }
  }

  private static func template(_ object: TokenizerObject) throws -> [Part] {
    let special = try object.object("special_tokens")
    var texts = 0
    let parts = try object.requiredObjects("single").map { part -> Part in
      if let sequence = try part.object("Sequence") {
        let name = try sequence.requiredString("id")
        texts += 1
        // A template that repeats the text would let a small file ask for any length.
        guard name == "A", texts == 1 else { throw sequence.wrong("id", "the text A, once", .string(name)) }
        return .text
      }
      guard let token = try part.object("SpecialToken") else {
        throw part.missing("SpecialToken", "a Sequence or a SpecialToken")
      }
      let name = try token.requiredString("id")
      guard let member = special?.members.first(where: { $0.name.utf8.elementsEqual(name.utf8) }),
        case .object(let entry) = member.value
      else { throw token.wrong("id", "one of special_tokens", .string(name)) }
      guard let values = try entry.array("ids") else { throw entry.missing("ids", "a list of identifiers") }
      return .special(
        try values.map { value in
          guard case .integer(let identifier) = value, (0...Int(Int32.max)).contains(identifier) else {
            throw entry.wrong("ids", "identifiers", value)
          }
          return identifier
        })
    }
    return parts
  }
}
