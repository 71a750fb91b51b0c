/// A SentencePiece vocabulary with the rules for using it.
struct SentencePieceModel: Sendable {
  /// What an entry is for.
  enum Kind: UInt64, Sendable {
    case normal = 1
    case unknown = 2
    case control = 3
    case userDefined = 4
    case byte = 6
    case unused = 5
  }

  /// An entry of the vocabulary; its identifier is its position.
  struct Piece: Sendable {
    var text: [UInt8] = []
    /// Of two possible merges the one with the higher score happens first.
    var score: Float = 0
    var kind = Kind.normal
  }

  /// The entries.
  let pieces: [Piece]
  /// Entries that text is made of: normal, user-defined and unused ones.
  let textPieces: PieceTable
  /// Entries that text is not made of: unknown, control and byte ones.
  let reservedPieces: PieceTable
  /// User-defined entries, which are never split.
  let userDefined: ByteTrie
  /// Identifier of the entry for what is unknown.
  let unknown: Int
  /// Identifiers of the 256 bytes where characters fall back to them.
  let byteTokens: [Int]?
  /// What an unknown token turns into when decoding.
  let unknownSurface: [UInt8]
  /// Whether decoding removes a space at the start, and all of them.
  let dropsFirstSpace: Bool
  let dropsSpaces: Bool
  /// How text is changed before it is cut.
  let normalizer: SentencePieceNormalizer

  /// The stand-in for a space: U+2581.
  static let space: [UInt8] = [0xE2, 0x96, 0x81]

  /// Entries of the vocabulary.
  var count: Int { pieces.count }

  /// The identifier of a text; unknown texts have the unknown token's.
  func identifier(of text: [UInt8]) -> Int { knownIdentifier(of: text) ?? unknown }

  /// The identifier of an entry, or `nil` if there is none with this text.
  func knownIdentifier(of text: [UInt8]) -> Int? { reservedPieces.value(of: text) ?? textPieces.value(of: text) }

  /// The byte of a byte entry's text; entries are checked when the model is read.
  static func byte(of text: [UInt8]) -> UInt8? {
    guard text.count == 6 else { return nil }
    return UInt8(String(decoding: text[3..<5], as: UTF8.self), radix: 16)
  }
}
