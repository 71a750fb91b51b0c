import FusionCore

/// Reads the `model` of a `tokenizer.json` from its text, without building a tree of its vocabulary and merges.
struct BytePairModelReader {
  /// Largest identifier; tokens and merges are kept in 32 bits.
  private static let maximumIdentifier = Int(Int32.max)

  private var pieces = PieceTable()
  private var entries: [Int: Int] = [:]
  /// The two halves of each merge; their identifiers are looked up at the end, for the vocabulary may come later.
  private var halves: [(left: String, right: String)] = []
  private var options: [TokenizerObject.Member] = []

  /// Reads the object that is due.
  static func read(
    _ scanner: inout StrictJSONScanner, _ bytes: UnsafeRawBufferPointer, _ count: inout Int
  ) throws -> BytePairModel {
    var reader = BytePairModelReader()
    try scanner.beginObject()
    while let name = try scanner.nextKey() {
      switch name {
      case "vocab": try reader.readVocabulary(&scanner)
      case "merges": try reader.readMerges(&scanner)
      default:
        let value = try TokenizerValue.read(&scanner, &count, place: "model.\(name.prefix(80))")
        reader.options.append(.init(name: name, value: value))
      }
    }
    return try reader.model()
  }

  private mutating func readVocabulary(_ scanner: inout StrictJSONScanner) throws {
    guard try scanner.kind() == .object else {
      throw FusionError.unsupportedTokenizer(
        "model.vocab", expected: "a BPE vocabulary, an object of tokens and identifiers", found: "a list")
    }
    try scanner.beginObject()
    while var piece = try scanner.nextKey() {
      let number = try scanner.unsignedInteger()
      guard let identifier = Int(exactly: number), identifier <= BytePairModelReader.maximumIdentifier else {
        throw FusionError.badVocabulary(
          "model.vocab, offset \(scanner.position)",
          expected: "an identifier up to \(BytePairModelReader.maximumIdentifier)", found: "\(number)")
      }
      guard entries.updateValue(pieces.count, forKey: identifier) == nil else {
        throw FusionError.badVocabulary(
          "model.vocab, offset \(scanner.position)", expected: "every identifier once", found: "\(identifier) again")
      }
      guard piece.withUTF8({ pieces.insert($0, value: identifier) }) else {
        throw FusionError.badVocabulary(
          "model.vocab, offset \(scanner.position)", expected: "every token once",
          found: "\"\(piece.prefix(80))\" again")
      }
    }
  }

  private mutating func readMerges(_ scanner: inout StrictJSONScanner) throws {
    try scanner.beginArray()
    while try scanner.nextElement() {
      if try scanner.kind() == .string {
        let text = try scanner.string()
        if text.utf8.starts(with: "#version".utf8) { continue }
        let parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw badMerge(expected: "two tokens with a space between them", found: text) }
        halves.append((String(Substring(parts[0])), String(Substring(parts[1]))))
      } else {
        var pair: [String] = []
        try scanner.beginArray()
        while try scanner.nextElement() {
          guard pair.count < 2 else { throw badMerge(expected: "two tokens", found: "more") }
          pair.append(try scanner.string())
        }
        guard pair.count == 2 else { throw badMerge(expected: "two tokens", found: "\(pair.count)") }
        halves.append((pair[0], pair[1]))
      }
    }
  }

  private func model() throws -> BytePairModel {
    let fields = TokenizerObject(place: "model", members: options)
    try checkOptions(fields)
    let usesBytes = try fields.bool("byte_fallback") ?? false
    let unknown = try fields.string("unk_token")
    return BytePairModel(
      pieces: pieces, entries: entries, merges: try mergeTable(),
      unknown: unknown.flatMap { pieces.value(of: Array($0.utf8)) }, unknownName: unknown,
      fusesUnknown: try fields.bool("fuse_unk") ?? false,
      byteTokens: usesBytes ? UInt8.allValues.map { pieces.value(of: $0.pieceName) } : nil,
      ignoresMerges: try fields.bool("ignore_merges") ?? false)
  }

  private func checkOptions(_ fields: TokenizerObject) throws {
    let type = try fields.string("type") ?? "BPE"
    guard type == "BPE" else {
      throw FusionError.unsupportedTokenizer("model.type", expected: "BPE", found: type)
    }
    for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let text = try fields.string(name), !text.isEmpty {
        throw FusionError.unsupportedTokenizer("model.\(name)", expected: "none", found: "\"\(text.prefix(80))\"")
      }
    }
    switch fields["dropout"] {
    case nil, .integer(0), .number(0): break
    case .some(let value):
      throw FusionError.unsupportedTokenizer(
        "model.dropout", expected: "none, so that text gives the same tokens every time", found: value.phrase)
    }
  }

  private func mergeTable() throws -> MergeTable {
    var table = MergeTable()
    table.reserve(halves.count)
    var union: [UInt8] = []
    for (rank, pair) in halves.enumerated() {
      union.removeAll(keepingCapacity: true)
      union.append(contentsOf: pair.left.utf8)
      let middle = union.count
      union.append(contentsOf: pair.right.utf8)
      let found = union.withUnsafeBufferPointer { bytes in
        (
          left: pieces.value(of: UnsafeBufferPointer(rebasing: bytes[..<middle])),
          right: pieces.value(of: UnsafeBufferPointer(rebasing: bytes[middle...])), result: pieces.value(of: bytes)
        )
      }
      guard let left = found.left, let right = found.right, let result = found.result else {
        let text = found.left == nil ? pair.left : found.right == nil ? pair.right : pair.left + pair.right
        throw badMerge(
          expected: "tokens of the vocabulary", found: "\"\(text.prefix(80))\", which is none", rank: rank)
      }
      table.set(UInt32(left), UInt32(right), .init(rank: UInt32(rank), result: UInt32(result)))
    }
    return table
  }

  private func badMerge(expected: String, found: String, rank: Int? = nil) -> FusionError {
    FusionError(
      .tokenizerBadMerge, "a merge of the tokenizer is not valid", place: "model.merges[\(rank ?? halves.count)]",
      expected: expected, found: String(found.prefix(160)), remedy: "download tokenizer.json again")
  }
}
