import FusionCore

/// The steps of a `tokenizer.json` that turn tokens back into text.
struct TokenDecoder: Sendable {
  private var stages: [DecodeStage] = []

  /// Largest number of characters that a step may strip; published files have 1.
  private static let maximumStripCount = 1000

  /// Reads the `decoder` of the file; `nil` puts spaces between the tokens.
  init(_ object: TokenizerObject?) throws {
    guard let object else {
      stages = [DecodeStage(.spaces)]
      return
    }
    try append(object)
  }

  /// Takes the text of a token and appends what is certain.
  mutating func append(_ token: [UInt8], to output: inout [UInt8]) {
    pass([.text(token), .end], from: 0, to: &output)
  }

  /// Appends what was kept back.
  mutating func finish(to output: inout [UInt8]) {
    for index in stages.indices {
      var events: [DecodeStage.Event] = []
      stages[index].finish(to: &events)
      pass(events, from: index + 1, to: &output)
    }
  }

  private mutating func pass(_ events: [DecodeStage.Event], from first: Int, to output: inout [UInt8]) {
    var events = events
    for index in stages.indices.dropFirst(first) {
      var next: [DecodeStage.Event] = []
      for event in events { stages[index].feed(event, to: &next) }
      events = next
    }
    for case .text(let text) in events { output.append(contentsOf: text) }
  }

  private mutating func append(_ object: TokenizerObject) throws {
    switch try object.requiredString("type") {
    case "Sequence":
      for inner in try object.requiredObjects("decoders") { try append(inner) }
    case "Replace":
      let (pattern, content) = try TextNormalizer.replacement(object)
      stages.append(DecodeStage(.replace(pattern, with: content)))
    case "ByteFallback": stages.append(DecodeStage(.byteFallback))
    case "Fuse": stages.append(DecodeStage(.fuse))
    case "ByteLevel": stages.append(DecodeStage(.byteLevel))
    case "Metaspace":
      let (replacement, scheme) = try PreTokenizer.metaspace(object)
      stages.append(DecodeStage(.metaspace(replacement: replacement, dropsFirst: scheme != .never)))
    case "Strip":
      let character = try object.requiredString("content")
      guard character.unicodeScalars.count == 1 else {
        throw object.wrong("content", "one character", .string(character))
      }
      let range = 0...TokenDecoder.maximumStripCount
      guard let start = try object.integer("start", in: range), let end = try object.integer("stop", in: range) else {
        throw object.missing("start", "start and stop")
      }
      stages.append(DecodeStage(.strip(Array(character.utf8), start: start, end: end)))
    case let type:
      throw FusionError.unsupportedTokenizer(
        object.place,
        expected: "a decoder of type Sequence, Replace, ByteFallback, Fuse, Strip, ByteLevel or Metaspace", found: type)
    }
  }
}
