import FusionCore

/// What the reference reads from the small files beside a tokenizer: `tokenizer_config.json`, `special_tokens_map.json`
/// and `added_tokens.json`.
struct TokenizerSettings: Sendable {
  /// A token with a role, as the files give it.
  struct SpecialToken: Sendable {
    let content: [UInt8]
    /// The token's flags where the files state them, `nil` for a bare text.
    var flags: AddedToken?
    /// Whether `added_tokens.json` takes its own token with this text for special; for a token that the configuration
    /// describes as an object the reference does not.
    var isNamed = true
  }

  /// The roles of special tokens, in the reference's order.
  static let roles = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  /// Whether there is a `tokenizer_config.json`.
  let hasConfiguration: Bool
  /// The reference's class of tokenizer.
  let className: String?
  /// The tokens with a role; a role that a file sets to null is there without a token.
  private(set) var special: [String: SpecialToken?] = [:]
  /// Further special tokens.
  private(set) var additional: [SpecialToken] = []
  /// Added tokens with their identifiers, in the order of the files.
  private(set) var added: [(identifier: Int, token: AddedToken)] = []

  /// Where each identifier stands in ``added``.
  private var positions: [Int: Int] = [:]
  /// Added tokens whose flags a file states, by content; they hold for tokens with a role too.
  private var stated: [[UInt8]: AddedToken] = [:]

  let addsBeginToken: Bool?
  let addsEndToken: Bool?
  let addsPrefixSpace: Bool?
  let isLegacy: Bool?
  let cleansUp: Bool

  /// Reads the files; none of them has to exist.
  init(_ files: TokenizerFiles) throws {
    let configuration = try files.object("tokenizer_config.json")
    let fields = configuration ?? TokenizerObject(place: "", members: [])
    hasConfiguration = configuration != nil
    (className, addsBeginToken, addsEndToken, addsPrefixSpace, isLegacy, cleansUp) = try files.naming(
      "tokenizer_config.json"
    ) {
      try TokenizerSettings.check(fields)
      return (
        try fields.string("tokenizer_class"), try fields.bool("add_bos_token"), try fields.bool("add_eos_token"),
        try fields.bool("add_prefix_space"), try fields.bool("legacy"),
        try fields.bool("clean_up_tokenization_spaces") ?? false
      )
    }
    try files.naming("tokenizer_config.json") {
      try readSpecial(fields)
      if let decoder = try fields.object("added_tokens_decoder") { try readAdded(decoder) }
    }
    // The reference looks at the older files only where the configuration does not list the added tokens.
    if !fields.has("added_tokens_decoder") { try readOlderFiles(files) }
    for (role, token) in special {
      guard var token = token, let flags = stated[token.content] else { continue }
      token.flags = flags
      special[role] = .some(token)
    }
  }

  /// The token of a role: `nil` if no file names it, a token or an inner `nil` if one does.
  func token(_ role: String, default text: String? = nil) -> SpecialToken? {
    if let entry = special[role] { return entry }
    return text.map { SpecialToken(content: Array($0.utf8)) }
  }

  private static func check(_ fields: TokenizerObject) throws {
    if try fields.bool("split_special_tokens") == true {
      throw FusionError.unsupportedTokenizer("split_special_tokens", expected: "false", found: "true")
    }
    if let options = try fields.object("sp_model_kwargs"), let option = options.members.first {
      throw FusionError.unsupportedTokenizer(
        "sp_model_kwargs", expected: "no options", found: String(option.name.prefix(80)))
    }
  }

  private mutating func readSpecial(_ fields: TokenizerObject, isMap: Bool = false) throws {
    for role in TokenizerSettings.roles where fields.has(role) {
      guard let value = fields[role] else {
        special[role] = .some(nil)
        continue
      }
      special[role] = try TokenizerSettings.specialToken(value, fields.path(role), isMap: isMap)
    }
    for value in try fields.array("additional_special_tokens") ?? [] {
      let token = try TokenizerSettings.specialToken(value, fields.path("additional_special_tokens"), isMap: isMap)
      if let known = additional.firstIndex(where: { $0.content == token.content }) {
        additional[known].flags = token.flags ?? additional[known].flags
      } else {
        additional.append(token)
      }
    }
  }

  private static func specialToken(_ value: TokenizerValue, _ place: String, isMap: Bool) throws -> SpecialToken {
    switch value {
    case .string(let text):
      try AddedToken.check(Array(text.utf8), place: place)
      return SpecialToken(content: Array(text.utf8))
    case .object(let object):
      let token = try AddedToken(object, isSpecial: isMap ? true : nil)
      return SpecialToken(content: token.content, flags: token, isNamed: isMap)
    default:
      throw FusionError.wrongTokenizerField(place, expected: "a token", found: value.phrase)
    }
  }

  /// Adds a token; one that has its identifier already gives way.
  private mutating func add(_ identifier: Int, _ token: AddedToken, isStated: Bool = false) {
    if isStated { stated[token.content] = token }
    if let position = positions[identifier] {
      added[position].token = token
    } else {
      positions[identifier] = added.count
      added.append((identifier, token))
    }
  }

  private mutating func readAdded(_ decoder: TokenizerObject) throws {
    for member in decoder.members {
      guard let identifier = Int(member.name), (0...Int(Int32.max)).contains(identifier) else {
        throw FusionError.badAddedToken(
          decoder.place, expected: "identifiers as names", found: "\"\(member.name.prefix(80))\"")
      }
      guard case .object(let object) = member.value else {
        throw decoder.wrong(member.name, "an object", member.value)
      }
      add(identifier, try AddedToken(object), isStated: true)
    }
  }

  private mutating func readOlderFiles(_ files: TokenizerFiles) throws {
    if let map = try files.object("special_tokens_map.json") {
      try files.naming("special_tokens_map.json") { try readSpecial(map, isMap: true) }
    }
    if let map = try files.object("added_tokens.json") {
      try files.naming("added_tokens.json") { try readMap(map) }
    }
    guard let bytes = try files.bytes("tokenizer.json") else { return }
    try files.naming("tokenizer.json") {
      for (identifier, token) in try TokenizerFile.addedTokens(bytes) {
        add(identifier, token, isStated: true)
      }
    }
  }

  private mutating func readMap(_ map: TokenizerObject) throws {
    let names = Set((special.values.compactMap { $0 } + additional).filter(\.isNamed).map(\.content))
    for member in map.members {
      guard case .integer(let identifier) = member.value, (0...Int(Int32.max)).contains(identifier) else {
        throw map.wrong(member.name, "an identifier", member.value)
      }
      let content = Array(member.name.utf8)
      try AddedToken.check(content, place: map.path(String(member.name.prefix(80))))
      let isSpecial = names.contains(content)
      add(identifier, AddedToken(content: content, isSpecial: isSpecial, isNormalized: !isSpecial))
    }
  }
}
