/// Cuts text into the pieces of a SentencePiece model by merging neighbours, best score first.
struct SentencePieceEncoder {
  /// A part of the result.
  enum Part: Equatable {
    /// An entry of the vocabulary.
    case piece(Int)
    /// A run of text that the vocabulary does not hold.
    case unknown([UInt8])
  }

  private struct Candidate: Comparable {
    let score: Float
    let left: Int32
    let right: Int32
    let byteCount: Int

    static func < (a: Candidate, b: Candidate) -> Bool {
      a.score != b.score ? a.score > b.score : a.left < b.left
    }
  }

  private struct Symbol {
    let start: Int
    /// 0 once the symbol has become part of another one.
    var byteCount: Int
    var previous: Int32
    var next: Int32
    /// Whether it is a user-defined piece, which merges with nothing.
    let isFrozen: Bool
  }

  private let model: SentencePieceModel
  private let bytes: UnsafeBufferPointer<UInt8>
  private var symbols: [Symbol] = []
  private var queue = MinimumHeap<Candidate>()
  /// For each unused piece that was merged, the length of its left half.
  private var halves: [Int: Int] = [:]

  /// The parts of a text, in order.
  static func encode(_ text: [UInt8], model: SentencePieceModel) -> [Part] {
    model.normalizer.apply(text).withUnsafeBufferPointer { bytes in
      var encoder = SentencePieceEncoder(model: model, bytes: bytes)
      encoder.split()
      encoder.merge()
      return encoder.parts()
    }
  }

  private init(model: SentencePieceModel, bytes: UnsafeBufferPointer<UInt8>) {
    self.model = model
    self.bytes = bytes
  }

  private mutating func split() {
    var start = 0
    while start < bytes.count {
      let match = model.userDefined.longestMatch(in: bytes, from: start)
      let end = match?.end ?? min(bytes.count, start + UTF8Text.length(first: bytes[start]))
      let index = Int32(symbols.count)
      symbols.append(
        Symbol(
          start: start, byteCount: end - start, previous: index - 1, next: end < bytes.count ? index + 1 : -1,
          isFrozen: match != nil))
      start = end
    }
  }

  private mutating func merge() {
    for index in symbols.indices.dropFirst() { consider(Int32(index - 1), Int32(index)) }
    while let top = queue.pop() {
      let left = Int(top.left)
      let right = Int(top.right)
      guard symbols[left].byteCount > 0, symbols[right].byteCount > 0,
        symbols[left].byteCount + symbols[right].byteCount == top.byteCount
      else { continue }
      symbols[left].byteCount = top.byteCount
      symbols[right].byteCount = 0
      symbols[left].next = symbols[right].next
      if symbols[right].next >= 0 { symbols[Int(symbols[right].next)].previous = top.left }
      consider(symbols[left].previous, top.left)
      consider(top.left, symbols[left].next)
    }
  }

  private mutating func consider(_ left: Int32, _ right: Int32) {
    guard left >= 0, right >= 0 else { return }
    let first = symbols[Int(left)]
    let second = symbols[Int(right)]
    guard !first.isFrozen, !second.isFrozen else { return }
    let byteCount = first.byteCount + second.byteCount
    guard let identifier = model.textPieces.value(of: text(first.start, byteCount)) else { return }
    let piece = model.pieces[identifier]
    queue.push(Candidate(score: piece.score, left: left, right: right, byteCount: byteCount))
    if piece.kind == .unused { halves[identifier] = first.byteCount }
  }

  private func parts() -> [Part] {
    var parts: [Part] = []
    var run: [UInt8] = []
    for symbol in symbols where symbol.byteCount > 0 { append(symbol.start, symbol.byteCount, to: &parts, run: &run) }
    if !run.isEmpty { parts.append(.unknown(run)) }
    return parts
  }

  /// Appends a symbol, with unused pieces taken apart again into what they were merged from.
  ///
  /// - Parameter run: unknown text that waits for more of its kind.
  private func append(_ start: Int, _ byteCount: Int, to parts: inout [Part], run: inout [UInt8]) {
    var pending = [(start: start, byteCount: byteCount)]
    while let part = pending.popLast() {
      let key = text(part.start, part.byteCount)
      let identifier = model.reservedPieces.value(of: key) ?? model.textPieces.value(of: key) ?? model.unknown
      if model.pieces[identifier].kind == .unused, let half = halves[identifier] {
        pending.append((part.start + half, part.byteCount - half))
        pending.append((part.start, half))
      } else if identifier == model.unknown, model.byteTokens == nil {
        run.append(contentsOf: key)
      } else {
        if !run.isEmpty { parts.append(.unknown(run)) }
        run.removeAll(keepingCapacity: true)
        if identifier == model.unknown, let byteTokens = model.byteTokens {
          for byte in key { parts.append(.piece(byteTokens[Int(byte)])) }
        } else {
          parts.append(.piece(identifier))
        }
      }
    }
  }

  private func text(_ start: Int, _ byteCount: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[start..<(start + byteCount)])
  }
}
