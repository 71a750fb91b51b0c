import FusionCore

extension SentencePieceModel {
  /// The fields of the file, before they are checked against each other.
  private struct Fields {
    var pieces: [Piece] = []
    var modelType: UInt64 = 1
    var byteFallback = false
    var spaceIsSuffix = false
    var unknownSurface: [UInt8] = Array(" \u{2047} ".utf8)
    var addsDummyPrefix = true
    var removesExtraSpaces = true
    var escapesSpaces = true
    var characterMap: [UInt8] = []
    var denormalizerMap: [UInt8] = []
  }

  /// Reads a `tokenizer.model`.
  ///
  /// - Parameter addsDummyPrefix: replaces the model's own setting; the reference turns it off unless it runs in its
  ///   legacy mode.
  /// - Throws: `.tokenizerMalformedModel`, `.tokenizerBadVocabulary`, `.tokenizerUnsupported`.
  init(_ bytes: [UInt8], addsDummyPrefix overrule: Bool?) throws {
    var fields = try bytes.withUnsafeBytes { try SentencePieceModel.fields($0) }
    if let overrule { fields.addsDummyPrefix = overrule }
    guard fields.modelType == 2 else {
      let names = [1: "unigram", 3: "word", 4: "character"]
      throw FusionError.unsupportedTokenizer(
        "trainer_spec.model_type", expected: "BPE",
        found: Int(exactly: fields.modelType).flatMap { names[$0] } ?? "\(fields.modelType)")
    }
    guard fields.denormalizerMap.isEmpty else {
      throw FusionError.unsupportedTokenizer(
        "denormalizer_spec.precompiled_charsmap", expected: "none",
        found: "\(fields.denormalizerMap.count) bytes")
    }
    var text = PieceTable(minimumCapacity: fields.pieces.count)
    var reserved = PieceTable()
    var trie = ByteTrie()
    var unknown: Int?
    var byteTokens = [Int?](repeating: nil, count: 256)
    for (identifier, piece) in fields.pieces.enumerated() {
      let place = "pieces[\(identifier)]"
      guard !piece.text.isEmpty else { throw FusionError.badVocabulary(place, expected: "a text", found: "none") }
      guard piece.score.isFinite else {
        throw FusionError.badVocabulary(place, expected: "a finite score", found: "\(piece.score)")
      }
      let isNew: Bool
      switch piece.kind {
      case .normal, .unused: isNew = text.insert(piece.text, value: identifier)
      case .userDefined:
        trie.insert(piece.text, pattern: identifier)
        isNew = text.insert(piece.text, value: identifier)
      case .control: isNew = reserved.insert(piece.text, value: identifier)
      case .unknown:
        guard unknown == nil else {
          throw FusionError.badVocabulary(place, expected: "one unknown token", found: "another one")
        }
        unknown = identifier
        isNew = reserved.insert(piece.text, value: identifier)
      case .byte:
        guard fields.byteFallback, let byte = SentencePieceModel.byte(of: piece.text), byte.pieceName == piece.text
        else {
          throw FusionError.badVocabulary(
            place, expected: "byte tokens such as <0x0A>, in a model with byte fallback",
            found: String(decoding: piece.text.prefix(80), as: UTF8.self))
        }
        byteTokens[Int(byte)] = identifier
        isNew = reserved.insert(piece.text, value: identifier)
      }
      guard isNew else {
        throw FusionError.badVocabulary(
          place, expected: "every text once",
          found: "\"\(String(decoding: piece.text.prefix(80), as: UTF8.self))\" again")
      }
    }
    guard let unknown else {
      throw FusionError.badVocabulary("pieces", expected: "an unknown token", found: "none")
    }
    let allBytes = byteTokens.compactMap { $0 }
    guard !fields.byteFallback || allBytes.count == 256 else {
      throw FusionError.badVocabulary("pieces", expected: "256 byte tokens", found: "\(allBytes.count)")
    }
    pieces = fields.pieces
    textPieces = text
    reservedPieces = reserved
    userDefined = trie
    self.unknown = unknown
    self.byteTokens = fields.byteFallback ? allBytes : nil
    unknownSurface = fields.unknownSurface
    dropsFirstSpace = fields.addsDummyPrefix || fields.removesExtraSpaces
    dropsSpaces = fields.removesExtraSpaces
    normalizer = SentencePieceNormalizer(
      addsDummyPrefix: fields.addsDummyPrefix, removesExtraSpaces: fields.removesExtraSpaces,
      escapesSpaces: fields.escapesSpaces, spaceIsSuffix: fields.spaceIsSuffix, userDefined: trie,
      characterMap: fields.characterMap.isEmpty ? nil : try CharacterMap(fields.characterMap))
  }

  private static func fields(_ bytes: UnsafeRawBufferPointer) throws -> Fields {
    var fields = Fields()
    var reader = ProtobufReader(bytes)
    while let (number, value) = try reader.next() {
      guard case .bytes(let message) = value else { continue }
      switch number {
      case 1: fields.pieces.append(try piece(message))
      case 2: try readTrainer(message, &fields)
      case 3: try readNormalizer(message, &fields)
      case 5: try readDenormalizer(message, &fields)
      default: break
      }
    }
    return fields
  }

  private static func piece(_ message: ProtobufReader) throws -> Piece {
    var reader = message
    var piece = Piece()
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let text)): piece.text = try text.text()
      case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .varint(let type)):
        guard let kind = Kind(rawValue: type) else {
          throw FusionError.malformedModel(reader.place, expected: "a type of piece from 1 to 6", found: "\(type)")
        }
        piece.kind = kind
      default: break
      }
    }
    return piece
  }

  private static func readTrainer(_ message: ProtobufReader, _ fields: inout Fields) throws {
    var reader = message
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (3, .varint(let type)): fields.modelType = type
      case (24, .varint(let flag)): fields.spaceIsSuffix = flag != 0
      case (35, .varint(let flag)): fields.byteFallback = flag != 0
      case (44, .bytes(let text)): fields.unknownSurface = try text.text()
      default: break
      }
    }
  }

  private static func readNormalizer(_ message: ProtobufReader, _ fields: inout Fields) throws {
    var reader = message
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (2, .bytes(let map)): fields.characterMap = map.rest
      case (3, .varint(let flag)): fields.addsDummyPrefix = flag != 0
      case (4, .varint(let flag)): fields.removesExtraSpaces = flag != 0
      case (5, .varint(let flag)): fields.escapesSpaces = flag != 0
      default: break
      }
    }
  }

  private static func readDenormalizer(_ message: ProtobufReader, _ fields: inout Fields) throws {
    var reader = message
    while let (number, value) = try reader.next() {
      if case (2, .bytes(let map)) = (number, value) { fields.denormalizerMap = map.rest }
    }
  }
}
