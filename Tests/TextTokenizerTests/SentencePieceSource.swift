/// The bytes of a small `tokenizer.model`, with parts that a test can replace.
struct SentencePieceSource {
  struct Piece {
    var text: [UInt8]
    var score: Float
    var type: UInt8

    init(_ text: String, _ score: Float = 0, type: UInt8 = 1) {
      self.text = Array(text.utf8)
      self.score = score
      self.type = type
    }
  }

  var pieces = [
    Piece("<unk>", type: 2), Piece("<s>", type: 3), Piece("</s>", type: 3), Piece("a", -1), Piece("b", -2),
    Piece("ab", -3), Piece("▁", -4), Piece("▁a", -5), Piece("abb", -6), Piece("<u>", type: 4),
  ]
  var modelType: UInt8 = 2
  var byteFallback = false
  var normalizer: [(field: UInt8, bytes: [UInt8])] = []
  var denormalizer: [UInt8] = []

  /// The bytes of the file.
  var bytes: [UInt8] {
    var message: [UInt8] = []
    for piece in pieces {
      var body = SentencePieceSource.field(1, piece.text)
      body += [2 << 3 | 5] + withUnsafeBytes(of: piece.score.bitPattern.littleEndian) { Array($0) }
      body += [3 << 3, piece.type]
      message += SentencePieceSource.field(1, body)
    }
    // 35 << 3 takes two bytes.
    message += SentencePieceSource.field(2, [3 << 3, modelType, 0x98, 0x02, byteFallback ? 1 : 0])
    var rules: [UInt8] = [3 << 3, 1, 4 << 3, 0]
    for (number, bytes) in normalizer { rules += SentencePieceSource.field(number, bytes) }
    message += SentencePieceSource.field(3, rules)
    if !denormalizer.isEmpty { message += SentencePieceSource.field(5, SentencePieceSource.field(2, denormalizer)) }
    return message
  }

  /// A field of bytes with its length.
  static func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    var length = bytes.count
    var head = [number << 3 | 2]
    while length >= 0x80 {
      head.append(UInt8(length & 0x7F) | 0x80)
      length >>= 7
    }
    return head + [UInt8(length)] + bytes
  }
}
