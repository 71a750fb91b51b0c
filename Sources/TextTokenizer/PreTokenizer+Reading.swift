import FusionCore

extension PreTokenizer {
  /// Reads the `pre_tokenizer` of the file; `nil` leaves the text in one piece.
  ///
  /// - Parameter addsSpace: replaces the setting of an outermost `ByteLevel`, as the reference's configuration does.
  init(_ object: TokenizerObject?, addsSpace: Bool? = nil) throws {
    var steps: [Step] = []
    if let object { try PreTokenizer.append(object, to: &steps) }
    if let addsSpace, try object?.string("type") == "ByteLevel", case .byteLevel(_, let pattern)? = steps.first {
      steps = [.byteLevel(addsSpace: addsSpace, pattern: pattern)]
    }
    self.init(steps: steps)
  }

  private static func append(_ object: TokenizerObject, to steps: inout [Step]) throws {
    switch try object.requiredString("type") {
    case "Sequence":
      for inner in try object.requiredObjects("pretokenizers") { try append(inner, to: &steps) }
    case "Metaspace":
      let (replacement, scheme) = try metaspace(object)
      steps.append(.metaspace(replacement: replacement, scheme: scheme, splits: try object.bool("split") ?? true))
    case "ByteLevel":
      let usesPattern = try object.bool("use_regex") ?? true
      steps.append(
        .byteLevel(
          addsSpace: try object.bool("add_prefix_space") ?? true, pattern: usesPattern ? SplitPattern.gpt2 : nil))
    case "Split": steps.append(try split(object))
    case "Digits": steps.append(.digits(individual: try object.requiredBool("individual_digits")))
    case let type:
      throw FusionError.unsupportedTokenizer(
        object.place, expected: "a pre-tokenizer of type Sequence, Metaspace, ByteLevel, Split or Digits", found: type)
    }
  }

  /// The stand-in for spaces and its scheme, which pre-tokenizers and decoders share.
  static func metaspace(_ object: TokenizerObject) throws -> (replacement: [UInt8], scheme: PrependScheme) {
    let replacement = try object.requiredString("replacement")
    guard replacement.unicodeScalars.count == 1 else {
      throw object.wrong("replacement", "one character", .string(replacement))
    }
    let name = try object.string("prepend_scheme") ?? PrependScheme.always.rawValue
    guard let scheme = PrependScheme(rawValue: name) else {
      throw object.wrong("prepend_scheme", "first, always or never", .string(name))
    }
    if try object.bool("add_prefix_space") == false, scheme != .never {
      throw object.wrong("add_prefix_space", "a value that agrees with prepend_scheme \(name)", .bool(false))
    }
    return (Array(replacement.utf8), scheme)
  }

  private static func split(_ object: TokenizerObject) throws -> Step {
    guard let pattern = try object.object("pattern") else { throw object.missing("pattern", "an object") }
    let name = try object.requiredString("behavior")
    guard let behavior = SplitBehavior(rawValue: name) else {
      throw object.wrong(
        "behavior", SplitBehavior.allCases.map(\.rawValue).joined(separator: ", "), .string(name))
    }
    let inverted = try object.bool("invert") ?? false
    if let text = try pattern.string("String") {
      guard !text.isEmpty else { throw pattern.wrong("String", "a text that is not empty", .string(text)) }
      return .text(Array(text.utf8), behavior, inverted: inverted)
    }
    let regex = try pattern.requiredString("Regex")
    return .pattern(try SplitPattern.named(regex, place: pattern.path("Regex")), behavior, inverted: inverted)
  }
}
