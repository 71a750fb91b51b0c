/// A `tokenizer.model`: the message that SentencePiece reads, of pair merging with byte fallback.
struct SentencePieceModel {
  private let merges: [MergeList.Merge]
  private let letters: [String]

  /// The values of a piece's type in the message.
  private enum Kind: Int {
    case normal = 1
    case unknown = 2
    case control = 3
    case byte = 6
  }

  /// - Parameter pieceCount: at least 380: three of no text, 256 bytes, the letters, and merges.
  init(pieceCount: Int) {
    letters = SentencePieceModel.letters(pieceCount: pieceCount)
    merges = MergeList(count: pieceCount - 259 - letters.count, space: "\u{2581}", lineFeed: nil).merges
  }

  /// The space, printable ASCII, and other alphabets where there is room.
  private static func letters(pieceCount: Int) -> [String] {
    var scalars: [ClosedRange<UInt32>] = [0x2581...0x2581, 0x21...0x7E]
    if pieceCount >= 600 { scalars += [0xE0...0xEF, 0x2013...0x2014, 0x2018...0x2019, 0x201C...0x201D] }
    if pieceCount >= 8000 {
      scalars += [0xA1...0xAC, 0xAE...0xDF, 0xF0...0xFF, 0x391...0x3A1, 0x3B1...0x3C9, 0x410...0x44F]
    }
    return scalars.flatMap { $0 }.compactMap(Unicode.Scalar.init).map { String($0) }
  }

  /// The bytes of the file.
  var fileBytes: [UInt8] {
    var message = ProtobufBytes()
    func append(_ piece: String, score: Float, _ kind: Kind) {
      var part = ProtobufBytes()
      part.append(field: 1, text: piece)
      part.append(field: 2, float: score)
      if kind != .normal { part.append(field: 3, integer: kind.rawValue) }
      message.append(field: 1, bytes: part.bytes)
    }
    append("<unk>", score: 0, .unknown)
    append("<s>", score: 0, .control)
    append("</s>", score: 0, .control)
    for byte in 0..<256 {
      let digits = String(byte, radix: 16, uppercase: true)
      append("<0x" + (digits.count == 1 ? "0" : "") + digits + ">", score: 0, .byte)
    }
    for (rank, piece) in (merges.map(\.piece) + letters).enumerated() { append(piece, score: -Float(rank), .normal) }
    message.append(field: 2, bytes: trainerBytes(pieceCount: 259 + merges.count + letters.count))
    message.append(field: 3, bytes: normalizerBytes)
    return message.bytes
  }

  /// What the encoder needs to know of the training: pair merging, byte fallback, ids of the first three pieces.
  private func trainerBytes(pieceCount: Int) -> [UInt8] {
    var part = ProtobufBytes()
    part.append(field: 3, integer: 2)
    part.append(field: 4, integer: pieceCount)
    part.append(field: 25, integer: 1)
    part.append(field: 26, integer: 1)
    part.append(field: 35, integer: 1)
    part.append(field: 40, integer: 0)
    part.append(field: 41, integer: 1)
    part.append(field: 42, integer: 2)
    part.append(field: 43, integer: -1)
    return part.bytes
  }

  /// Text as it is, with a space before it.
  private var normalizerBytes: [UInt8] {
    var part = ProtobufBytes()
    part.append(field: 1, text: "identity")
    part.append(field: 3, integer: 1)
    part.append(field: 4, integer: 0)
    return part.bytes
  }
}
