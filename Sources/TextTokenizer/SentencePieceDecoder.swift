/// Turns pieces of a SentencePiece model into text as they come.
struct SentencePieceDecoder: Sendable {
  private let model: SentencePieceModel
  private var bytes = UTF8Assembler(.perByte)
  /// Whether a space at the front of the next piece may be one that encoding put there.
  private var isAtStart = true
  private var droppedSpace = false
  private var hasText = false

  init(model: SentencePieceModel) { self.model = model }

  /// Takes the text of a piece and appends what is certain.
  mutating func append(_ piece: [UInt8], to output: inout [UInt8]) {
    let identifier = model.identifier(of: piece)
    let kind = model.pieces[identifier].kind
    if kind == .byte, let byte = SentencePieceModel.byte(of: piece) {
      let start = output.count
      bytes.append([byte], to: &output)
      hasText = hasText || output.count > start
      return
    }
    let start = output.count
    bytes.finish(to: &output)
    hasText = hasText || output.count > start
    if droppedSpace || hasText { isAtStart = false }
    let text = surface(piece, kind, isUnknownItself: kind == .unknown && model.pieces[identifier].text == piece)
    output.append(contentsOf: text)
    hasText = hasText || !text.isEmpty
  }

  /// Appends what was kept back, and starts afresh.
  mutating func finish(to output: inout [UInt8]) {
    bytes.finish(to: &output)
    isAtStart = true
    droppedSpace = false
    hasText = false
  }

  private mutating func surface(
    _ piece: [UInt8], _ kind: SentencePieceModel.Kind, isUnknownItself: Bool
  ) -> [UInt8] {
    droppedSpace = false
    switch kind {
    case .control: return []
    case .unknown: return isUnknownItself ? model.unknownSurface : piece
    case .normal, .userDefined, .unused, .byte: break
    }
    var text = piece
    if isAtStart, model.dropsFirstSpace, text.starts(with: SentencePieceModel.space) {
      text.removeFirst(SentencePieceModel.space.count)
      droppedSpace = !model.dropsSpaces
    }
    return UTF8Text.replacing(SentencePieceModel.space, with: [0x20], in: text)
  }
}
