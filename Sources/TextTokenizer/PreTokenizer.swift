import FusionCore

/// The steps of a `tokenizer.json` that cut text into words.
struct PreTokenizer: Sendable {
  /// A word, or what will become words.
  struct Piece {
    var bytes: [UInt8]
    /// Whether its first character is the first of the whole text.
    var isFirst: Bool
  }

  /// When to put the space's stand-in before a piece.
  enum PrependScheme: String, Sendable {
    case first, always, never
  }

  enum Step: Sendable {
    case metaspace(replacement: [UInt8], scheme: PrependScheme, splits: Bool)
    case byteLevel(addsSpace: Bool, pattern: SplitPattern?)
    case pattern(SplitPattern, SplitBehavior, inverted: Bool)
    case text([UInt8], SplitBehavior, inverted: Bool)
    case digits(individual: Bool)
  }

  /// The steps, in order.
  let steps: [Step]

  /// Cuts one piece.
  func apply(_ piece: Piece) -> [Piece] {
    var pieces = [piece]
    for step in steps { pieces = pieces.flatMap { PreTokenizer.apply(step, to: $0) }.filter { !$0.bytes.isEmpty } }
    return pieces
  }

  /// Whether the words are written in the byte alphabet.
  var isByteLevel: Bool {
    steps.contains { step in
      if case .byteLevel = step { true } else { false }
    }
  }

  private static func apply(_ step: Step, to piece: Piece) -> [Piece] {
    switch step {
    case .metaspace(let replacement, let scheme, let splits):
      var bytes = UTF8Text.replacing([0x20], with: replacement, in: piece.bytes)
      if scheme == .always || scheme == .first && piece.isFirst, !bytes.starts(with: replacement) {
        bytes = replacement + bytes
      }
      guard splits else { return [Piece(bytes: bytes, isFirst: piece.isFirst)] }
      return cut(bytes, occurrences(of: replacement, in: bytes), .mergedWithNext, false, piece.isFirst)
    case .byteLevel(let addsSpace, let pattern):
      var bytes = piece.bytes
      if addsSpace, bytes.first != 0x20 { bytes.insert(0x20, at: 0) }
      guard let pattern else { return [Piece(bytes: ByteAlphabet.encode(bytes), isFirst: piece.isFirst)] }
      return pattern.matches(in: bytes).map {
        Piece(bytes: ByteAlphabet.encode(Array(bytes[$0])), isFirst: piece.isFirst && $0.lowerBound == 0)
      }
    case .pattern(let pattern, let behavior, let inverted):
      return cut(piece.bytes, pattern.matches(in: piece.bytes), behavior, inverted, piece.isFirst)
    case .text(let text, let behavior, let inverted):
      return cut(piece.bytes, occurrences(of: text, in: piece.bytes), behavior, inverted, piece.isFirst)
    case .digits(let individual):
      let behavior: SplitBehavior = individual ? .isolated : .contiguous
      return cut(piece.bytes, numbers(in: piece.bytes), behavior, false, piece.isFirst)
    }
  }

  private static func cut(
    _ bytes: [UInt8], _ matches: [Range<Int>], _ behavior: SplitBehavior, _ inverted: Bool, _ isFirst: Bool
  ) -> [Piece] {
    behavior.parts(of: SplitBehavior.stretches(count: bytes.count, matches: matches, inverted: inverted)).map {
      Piece(bytes: Array(bytes[$0]), isFirst: isFirst && $0.lowerBound == 0)
    }
  }

  private static func occurrences(of text: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var index = 0
    while index + text.count <= bytes.count {
      if bytes[index] == text[0], bytes[index..<(index + text.count)].elementsEqual(text) {
        ranges.append(index..<(index + text.count))
        index += text.count
      } else {
        index += 1
      }
    }
    return ranges
  }

  private static func numbers(in text: [UInt8]) -> [Range<Int>] {
    text.withUnsafeBufferPointer { bytes in
      var ranges: [Range<Int>] = []
      var index = 0
      while index < bytes.count {
        let end = index + UTF8Text.length(first: bytes[index])
        if ScalarClass.of(UTF8Text.scalar(bytes, at: index)) == .number { ranges.append(index..<end) }
        index = end
      }
      return ranges
    }
  }
}
